create or replace function sla.set_recipient_preferences(
    p_user_id uuid, p_schedule_id uuid default null, p_locale text default null
) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := helpdesk.current_tenant();
begin
    perform sla._require_known('user', p_user_id);
    if p_schedule_id is not null then
        perform sla._known_schedule(p_schedule_id);
    end if;
    if p_schedule_id is null and p_locale is null then
        delete from sla.recipient_preferences r where r.tenant_id = v_tenant_id and r.user_id = p_user_id;
        return;
    end if;
    insert into sla.recipient_preferences (tenant_id, user_id, schedule_id, locale)
    values (v_tenant_id, p_user_id, p_schedule_id, p_locale)
    on conflict (tenant_id, user_id) do update set schedule_id = excluded.schedule_id, locale = excluded.locale;
end
$$;
comment on function sla.set_recipient_preferences(uuid, uuid, text) is
'How a person wants to be told, in place of what was before: working hours outside of which warnings wait (a schedule; breaches and escalations do not wait, in_app is there at once), and the language of messages, such as de or pt_BR. Both null: at once, in the tenant''s language. Errors: SL023 unknown user, SL001 unknown schedule, SL063 no language.';
