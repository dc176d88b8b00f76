create or replace trigger slapg_gate before insert or update or delete on sla.policy_targets
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_edited after insert or update or delete on sla.policy_targets
    for each row execute function sla._policy_edited();
create or replace trigger slapg_validate before insert or update on sla.policy_targets
    for each row execute function sla._validate_policy_target();
create or replace trigger slapg_history after insert or update or delete on sla.policy_targets
    for each row execute function sla._configuration_changed();
