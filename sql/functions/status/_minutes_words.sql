create or replace function sla._minutes_words(p_minutes bigint) returns text
language sql immutable parallel safe security invoker
as $$
    select concat_ws(' ',
        case when p_minutes >= 60 then p_minutes / 60 || ' h' end,
        case when p_minutes % 60 > 0 then p_minutes % 60 || ' min' end)
$$;
comment on function sla._minutes_words(bigint) is 'Minutes as people say them: 90 is 1 h 30 min; hours never become days.';
