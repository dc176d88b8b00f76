create or replace trigger slapg_gate before insert or update or delete on sla.status_pause_config
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_changed after insert or update or delete on sla.status_pause_config
    for each row execute function sla._pause_rule_changed();
create or replace trigger slapg_history after insert or update or delete on sla.status_pause_config
    for each row execute function sla._configuration_changed();
