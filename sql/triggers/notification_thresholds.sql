create or replace trigger slapg_gate before insert or update or delete on sla.notification_thresholds
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_edited after insert or update or delete on sla.notification_thresholds
    for each row execute function sla._policy_edited();
create or replace trigger slapg_validate before insert or update on sla.notification_thresholds
    for each row execute function sla._validate_notification_threshold();
create or replace trigger slapg_history after insert or update or delete on sla.notification_thresholds
    for each row execute function sla._configuration_changed();
