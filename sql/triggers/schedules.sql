create or replace trigger slapg_gate before insert or update of name, timezone, is_default, is_24x7, archived_at or delete
    on sla.schedules for each statement execute function sla._configuration_gate();
create or replace trigger slapg_created after insert on sla.schedules
    for each row execute function sla._calendar_edited();
create or replace trigger slapg_edited after update of timezone, is_24x7 on sla.schedules
    for each row when (old.timezone is distinct from new.timezone or old.is_24x7 is distinct from new.is_24x7)
    execute function sla._calendar_edited();
create or replace trigger slapg_default after insert or update of is_default, archived_at on sla.schedules
    for each row execute function sla._default_schedule_changed();
create or replace trigger slapg_validate before insert or update of timezone on sla.schedules
    for each row execute function sla._validate_schedule();
create or replace trigger slapg_retire before delete on sla.schedules
    for each row execute function sla._retire_schedule();
-- Not calendar_id: slapg writes it, and sla.calendars is its history.
create or replace trigger slapg_history
    after insert or update of tenant_id, schedule_id, name, timezone, is_default, is_24x7, archived_at or delete
    on sla.schedules for each row execute function sla._configuration_changed();
