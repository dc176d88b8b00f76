create or replace function sla.create_schedule(
    p_name text, p_timezone text default 'UTC', p_entries jsonb default '[]', p_is_24x7 boolean default false,
    p_is_default boolean default false
) returns uuid
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_schedule_id uuid;
begin
    insert into sla.schedules (tenant_id, name, timezone, is_24x7)
    values (v_tenant_id, p_name, p_timezone, p_is_24x7)
    returning schedule_id into v_schedule_id;
    perform sla._replace_entries(v_tenant_id, v_schedule_id, p_entries);
    if p_is_default then
        perform sla.set_default_schedule(v_schedule_id);
    end if;
    return v_schedule_id;
end
$$;
comment on function sla.create_schedule(text, text, jsonb, boolean, boolean) is
'Makes a schedule with its weekly entries in one call and returns its key. Entries are objects with day_of_week (0 = Sunday to 6, or an array of days), start_time, end_time and, if wanted, is_enabled, valid_from, valid_to; times are local to the IANA time zone. p_is_default: it takes the place of the default schedule. Errors: SL003 unknown time zone, SL004-SL006 entries that cannot be, SL024 entries not understood. Source: semantics §1.';
