-- The one exact way from an instant to an integer: float seconds would lose microseconds. The parameter stands
-- once, so that it inlines whatever the argument costs; extract() of a timestamptz is stable, hence so is this.
-- numeric_larger and numeric_smaller are greatest and least that keep a null null.
create or replace function sla._to_us(p_at timestamptz) returns bigint
language sql stable parallel safe security invoker
as $$
    select pg_catalog.numeric_larger(
        pg_catalog.numeric_smaller(extract(epoch from p_at) * 1000000, 9223372036854775807),
        -9223372036854775808)::bigint
$$;
comment on function sla._to_us(timestamptz) is
    'Microseconds since 1970-01-01 UTC, exact; infinity and -infinity are the largest and the smallest bigint. Back: sla._from_us.';
