create or replace function sla._terms_words(p_event_data jsonb) returns text
language sql immutable parallel safe security invoker
as $$
    select string_agg(
            t.metric || ' in ' || sla._minutes_words((t.terms ->> 'target_minutes')::bigint), ', '
            order by (t.terms ->> 'target_minutes')::bigint, t.metric)
        || case when bool_and(t.terms ->> 'calendar_id' is null) then ', around the clock' else ' of business time' end
    from jsonb_each(p_event_data -> 'terms') as t(metric, terms)
    where jsonb_typeof(t.terms) = 'object'
$$;
comment on function sla._terms_words(jsonb) is 'The targets that audited terms promise, the nearest first; null when there are none.';
