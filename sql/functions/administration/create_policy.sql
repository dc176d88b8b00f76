create or replace function sla.create_policy(
    p_name text, p_description text default null, p_schedule_id uuid default null, p_is_default boolean default false
) returns uuid
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy_id uuid;
begin
    perform sla._refuse_taken_name(p_name);
    if p_schedule_id is not null then
        perform sla._known_schedule(p_schedule_id);
    end if;
    insert into sla.policies (tenant_id, name, description, schedule_id)
    values (v_tenant_id, p_name, p_description, p_schedule_id)
    returning policy_id into v_policy_id;
    if p_is_default then
        perform sla.set_default_policy(v_policy_id);
    end if;
    return v_policy_id;
end
$$;
comment on function sla.create_policy(text, text, uuid, boolean) is
'Makes a policy that promises nothing yet (see sla.set_target) and returns its key. Schedule null: the tenant''s default one, else 24x7. p_is_default: it takes the place of the default policy. Errors: SL025 the name is taken, SL001 unknown schedule. Source: semantics §4.';
