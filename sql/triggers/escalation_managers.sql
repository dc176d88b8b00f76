create or replace trigger slapg_gate before insert or update or delete on sla.escalation_managers
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_validate before insert or update on sla.escalation_managers
    for each row execute function sla._validate_escalation_manager();
create or replace trigger slapg_history after insert or update or delete on sla.escalation_managers
    for each row execute function sla._configuration_changed();
