create or replace trigger slapg_gate before update of sla_policy_id on helpdesk.boards
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_history after insert or update or delete on helpdesk.boards
    for each row execute function sla._configuration_changed();
