create or replace function sla._closing_instant(p_entered_at timestamptz, p_closed_at timestamptz, p_now timestamptz)
returns timestamptz
language sql immutable parallel safe security invoker
as $$
    select greatest(p_entered_at, least(coalesce(p_closed_at, p_entered_at), p_now))
$$;
comment on function sla._closing_instant(timestamptz, timestamptz, timestamptz) is
'When a ticket that was born closed closed: at closed_at, clamped to [entered_at, now]; at entered_at without one (semantics §2, Born closed; UTC instants).';
