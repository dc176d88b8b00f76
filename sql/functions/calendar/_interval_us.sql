-- Days and months have no fixed length in business time, so they are told apart from hours before the sum hides them.
create or replace function sla._interval_us(p_amount interval) returns bigint
language sql immutable parallel safe security invoker
as $$
    select case
        when date_part('day', p_amount) = 0 and date_part('month', p_amount) = 0 and date_part('year', p_amount) = 0
        then (extract(epoch from p_amount) * 1000000)::bigint
    end
$$;
comment on function sla._interval_us(interval) is
    'Microseconds of an interval of hours, minutes and seconds, exact; null when it has days, months or years.';
