create or replace trigger slapg_gate before update of sla_policy_id on helpdesk.clients
    for each statement execute function sla._configuration_gate();
-- Applications write clients all day: only their SLA policy is configuration.
create or replace trigger slapg_history after update of sla_policy_id on helpdesk.clients
    for each row execute function sla._configuration_changed();
create or replace trigger slapg_history_born after insert on helpdesk.clients
    for each row when (new.sla_policy_id is not null) execute function sla._configuration_changed();
create or replace trigger slapg_history_gone after delete on helpdesk.clients
    for each row when (old.sla_policy_id is not null) execute function sla._configuration_changed();
