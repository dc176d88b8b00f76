create or replace function sla.update_settings(p_changes jsonb) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_settings sla.settings;
begin
    perform sla._require_keys('setting', p_changes, '{pause_on_awaiting_client,close_completes_response,reopen_mode,at_risk_percent,import_after,timezone,digest_after,locale}');
    select (jsonb_populate_record(g, p_changes)).* into v_settings from sla.settings g where g.tenant_id = v_tenant_id;
    update sla.settings g
    set pause_on_awaiting_client = v_settings.pause_on_awaiting_client,
        close_completes_response = v_settings.close_completes_response, reopen_mode = v_settings.reopen_mode,
        at_risk_percent = v_settings.at_risk_percent, import_after = v_settings.import_after,
        timezone = v_settings.timezone, digest_after = v_settings.digest_after, locale = v_settings.locale
    where g.tenant_id = v_tenant_id;
end
$$;
comment on function sla.update_settings(jsonb) is
'Changes the settings that p_changes names: pause_on_awaiting_client, close_completes_response, reopen_mode, at_risk_percent, import_after, timezone, digest_after, locale (see sla.settings); open tickets that await their client are paused or resumed now. Errors: SL024 unknown setting, SL027 a value that cannot be. Source: semantics §2.';
