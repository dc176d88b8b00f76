create or replace trigger slapg_gate before insert or update or delete on sla.schedule_entries
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_edited after insert or update or delete on sla.schedule_entries
    for each row execute function sla._calendar_edited();
create or replace trigger slapg_validate before insert or update on sla.schedule_entries
    for each row execute function sla._validate_schedule_entry();
create or replace trigger slapg_overlap after insert or update on sla.schedule_entries
    for each row execute function sla._validate_schedule_overlap();
create or replace trigger slapg_history after insert or update or delete on sla.schedule_entries
    for each row execute function sla._configuration_changed();
