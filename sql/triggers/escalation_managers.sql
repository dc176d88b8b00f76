create or replace trigger slapg_gate before insert or update or delete on sla.escalation_managers
    for each statement execute function sla._configuration_gate();
