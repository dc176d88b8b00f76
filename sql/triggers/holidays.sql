create or replace trigger slapg_gate before insert or update or delete on sla.holidays
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_edited after insert or update or delete on sla.holidays
    for each row execute function sla._calendar_edited();
create or replace trigger slapg_validate before insert or update on sla.holidays
    for each row execute function sla._validate_holiday();
create or replace trigger slapg_history after insert or update or delete on sla.holidays
    for each row execute function sla._configuration_changed();
