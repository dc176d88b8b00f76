create or replace function sla._entry_span(p_entry sla.schedule_entries, p_days integer default 0) returns numrange
language sql immutable parallel safe security invoker
as $$
    select numrange(
        extract(epoch from p_entry.start_time) + 86400 * p_days,
        extract(epoch from p_entry.end_time) + 86400 * (p_days + (p_entry.end_time < p_entry.start_time)::integer))
$$;
comment on function sla._entry_span(sla.schedule_entries, integer) is
    'Local wall-clock seconds of an entry, counted from midnight of its own day, moved by so many days.';
