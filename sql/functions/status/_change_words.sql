create or replace function sla._change_words(p_tenant_id uuid, p_event_data jsonb) returns text
language sql stable parallel safe security invoker
as $$
    select string_agg(
        f.label || ' ' || coalesce(sla._value_words(p_tenant_id, c.field, c.value ->> 'old'), 'none')
        || ' -> ' || coalesce(sla._value_words(p_tenant_id, c.field, c.value ->> 'new'), 'none'),
        ', ' order by c.field)
    from jsonb_each(p_event_data) as c(field, value)
    cross join lateral (
        select replace(regexp_replace(case c.field when 'sla_policy_id' then 'policy' else c.field end, '_id$', ''), '_', ' ')
    ) as f(label)
    where jsonb_typeof(c.value) = 'object'
        -- A new status says that the ticket was closed or reopened, and the entry's own time says when.
        and not (c.field = 'closed_at' and p_event_data ? 'status_id')
$$;
comment on function sla._change_words(uuid, jsonb) is
    'The fields that an audited change of a ticket names, with the old and new values in words; null when it names none.';
