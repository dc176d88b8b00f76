create or replace trigger slapg_gate before insert or update or delete on sla.message_templates
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_validate before insert or update on sla.message_templates
    for each row execute function sla._validate_message_template();
create or replace trigger slapg_history after insert or update or delete on sla.message_templates
    for each row execute function sla._configuration_changed();
