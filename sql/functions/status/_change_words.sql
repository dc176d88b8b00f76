create or replace function sla._change_words(p_tenant_id uuid, p_event_data jsonb) returns text
language sql stable parallel safe security invoker
as $$
    select string_agg(
        case
            when c.field = 'reply' then 'first answer'
            when jsonb_typeof(c.value) = 'object' and c.value ? 'new' then
                f.label || ' ' || coalesce(sla._value_words(p_tenant_id, c.field, c.value ->> 'old'), 'none')
                || ' -> ' || coalesce(sla._value_words(p_tenant_id, c.field, c.value ->> 'new'), 'none')
            else f.label || ' ' || coalesce(sla._value_words(p_tenant_id, c.field, c.value #>> '{}'), 'none')
        end, ', ' order by c.field)
    from jsonb_each(p_event_data) as c(field, value)
    cross join lateral (
        select replace(regexp_replace(case c.field when 'sla_policy_id' then 'policy' else c.field end, '_id$', ''), '_', ' ')
    ) as f(label)
$$;
comment on function sla._change_words(uuid, jsonb) is 'The fields that an audited change of a ticket names, with the old and new values in words.';
