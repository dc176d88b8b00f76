create or replace function sla._terms_words(p_event_data jsonb) returns text
language sql immutable parallel safe security invoker
as $$
    select coalesce('; now promised: ' || string_agg(
        t.metric || ' in ' || sla._minutes_words((t.terms ->> 'target_minutes')::bigint), ', ' order by t.metric), '')
    from jsonb_each(p_event_data -> 'terms') as t(metric, terms)
    where jsonb_typeof(t.terms) = 'object'
$$;
comment on function sla._terms_words(jsonb) is 'The targets that audited terms promise, to follow what changed.';
