create or replace trigger slapg_gate before insert or delete
    or update of pause_on_awaiting_client, close_completes_response, reopen_mode, at_risk_percent, import_after, timezone,
        digest_after, locale
    on sla.settings for each statement execute function sla._settings_gate();
create or replace trigger slapg_changed after update on sla.settings
    for each row when (old.pause_on_awaiting_client <> new.pause_on_awaiting_client)
    execute function sla._settings_changed();
-- Not config_version, which every change of the configuration raises.
create or replace trigger slapg_history after insert or delete
    or update of tenant_id, pause_on_awaiting_client, close_completes_response, reopen_mode, at_risk_percent,
        import_after, timezone, digest_after, locale
    on sla.settings for each row execute function sla._configuration_changed();
create or replace trigger slapg_validate before insert
    or update of reopen_mode, at_risk_percent, import_after, timezone, digest_after, locale on sla.settings
    for each row execute function sla._validate_settings();
