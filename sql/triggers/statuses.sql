create or replace trigger slapg_gate before update of is_closed or delete on helpdesk.statuses
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_changed after update on helpdesk.statuses
    for each row when (not old.is_closed and new.is_closed) execute function sla._pause_rule_changed();
create or replace trigger slapg_retire before delete on helpdesk.statuses
    for each row execute function sla._retire_status();
create or replace trigger slapg_history after insert or update or delete on helpdesk.statuses
    for each row execute function sla._configuration_changed();
