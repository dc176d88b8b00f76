create or replace trigger slapg_gate before delete on helpdesk.priorities
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_retire before delete on helpdesk.priorities
    for each row execute function sla._retire_priority();
create or replace trigger slapg_history after insert or update or delete on helpdesk.priorities
    for each row execute function sla._configuration_changed();
