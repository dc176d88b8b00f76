create or replace function sla._verdict_words(p_event_data jsonb) returns text
language sql immutable parallel safe security invoker
as $$
    select case (p_event_data ->> 'met')::boolean when true then ' in time' when false then ', too late' else '' end
$$;
comment on function sla._verdict_words(jsonb) is 'Whether an audited completion was in time, to follow what was completed.';
