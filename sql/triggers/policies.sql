create or replace trigger slapg_gate before insert or update or delete on sla.policies
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_edited after insert or update of schedule_id, archived_at or delete on sla.policies
    for each row execute function sla._policy_edited();
create or replace trigger slapg_retire before delete on sla.policies
    for each row execute function sla._retire_policy();
create or replace trigger slapg_history after insert or update or delete on sla.policies
    for each row execute function sla._configuration_changed();
