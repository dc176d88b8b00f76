create or replace function sla._clock_elapsed(p_clock sla.clocks, p_at timestamptz) returns interval
language sql stable parallel unsafe security invoker
as $$
    select sla._business_time_in(
        p_clock.calendar_id,
        sla._clock_runs(p_clock.tenant_id, p_clock.ticket_id, p_clock.started_at, least(
            p_at,
            p_clock.completed_at,
            case when p_clock.state = 'cancelled' then p_clock.changed_at end)))
$$;
comment on function sla._clock_elapsed(sla.clocks, timestamptz) is
    'Business time that a clock had counted at p_at: pauses and whatever follows its end do not count. Source: semantics §2.';
