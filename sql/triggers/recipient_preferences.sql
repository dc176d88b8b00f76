-- No gate: no clock depends on what people prefer, and deleting a person, which deletes his row here, must not wait
-- for the tickets that are being written.
create or replace trigger slapg_validate before insert or update on sla.recipient_preferences
    for each row execute function sla._validate_recipient_preferences();
create or replace trigger slapg_history after insert or update or delete on sla.recipient_preferences
    for each row execute function sla._configuration_changed();
