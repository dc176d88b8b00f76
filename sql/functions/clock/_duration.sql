create or replace function sla._duration(p_us bigint) returns interval
language sql immutable parallel safe security invoker
as $$
    select p_us / 1000000 * interval '1 second' + p_us % 1000000 * interval '1 microsecond'
$$;
comment on function sla._duration(bigint) is 'Microseconds as an interval of hours, minutes and seconds, exactly.';
