-- Whole seconds and the rest apart: interval multiplication is a float8 product, exact only for each part.
create or replace function sla._from_us(p_us bigint) returns timestamptz
language sql stable parallel safe security invoker
as $$
    select case
        when p_us = 9223372036854775807 then timestamptz 'infinity'
        when p_us = -9223372036854775808 then timestamptz '-infinity'
        else timestamptz 'epoch' + (p_us / 1000000) * interval '1 second' + (p_us % 1000000) * interval '1 microsecond'
    end
$$;
comment on function sla._from_us(bigint) is
    'The instant that lies so many microseconds after 1970-01-01 UTC, exact; the largest and the smallest bigint are infinity and -infinity.';
