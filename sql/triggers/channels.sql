create or replace trigger slapg_gate before insert or update or delete on sla.channels
    for each statement execute function sla._configuration_gate();
create or replace trigger slapg_validate before insert or update on sla.channels
    for each row execute function sla._validate_channel();
create or replace trigger slapg_history after insert or update or delete on sla.channels
    for each row execute function sla._configuration_changed();
create or replace trigger slapg_hint after insert or update or delete on sla.channels
    for each statement execute function sla._channels_changed();
