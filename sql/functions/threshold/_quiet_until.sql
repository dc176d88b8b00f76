create or replace function sla._quiet_until(p_tenant_id uuid, p_user_id uuid, p_now timestamptz) returns timestamptz
language sql stable parallel unsafe security invoker
as $$
    -- By the function that answers null instead of raising: hours that cannot be read must not keep a sweep from
    -- telling. Nor does whoever has no hours at all (-1) wait for ever.
    select p_now + interval '1 microsecond' * greatest(sla._opening_offset(
        p.schedule_id, sla._to_us(p_now), current_setting('slapg.tenant_id', true), pg_current_snapshot()::text,
        date_part('epoch', statement_timestamp())), 0)
    from sla.recipient_preferences p
    where p.tenant_id = p_tenant_id and p.user_id = p_user_id and p.schedule_id is not null
$$;
comment on function sla._quiet_until(uuid, uuid, timestamptz) is
'When the working hours that a person of the current tenant prefers for warnings begin again: p_now itself in them; null without such hours. UTC instants.';
