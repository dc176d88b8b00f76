create or replace trigger slapg_gate before update of sla_policy_id on helpdesk.boards
    for each statement execute function sla._configuration_gate();
