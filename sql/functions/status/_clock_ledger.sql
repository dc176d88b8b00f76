create or replace function sla._clock_ledger(p_clock sla.clocks, p_at timestamptz)
returns table (
    kind text, starts_at timestamptz, ends_at timestamptz, reason text, duration interval, total interval)
language sql stable parallel unsafe security invoker
as $$
    with horizon as (
        select case
            when p_clock.state = 'completed' then p_clock.completed_at
            when p_clock.state = 'cancelled' then p_clock.changed_at
            when p_clock.state = 'paused' then p_at
            else greatest(p_at, p_clock.due_at)
        end as ends_at
    ), pause as (
        select lower(m.span) as starts_at, upper(m.span) as ends_at
        from horizon h, unnest((
            select range_agg(tstzrange(p.paused_at, p.resumed_at))
                * tstzmultirange(tstzrange(p_clock.started_at, greatest(p_clock.started_at, h.ends_at)))
            from sla.pauses p
            where p.tenant_id = p_clock.tenant_id and p.ticket_id = p_clock.ticket_id
        )) as m(span)
    ), opening as (
        select tstzrange(sla._from_us(w.opens), sla._from_us(w.closes)) as span
        from horizon h, sla._working_intervals(
            p_clock.calendar_id, sla._to_us(p_clock.started_at), sla._to_us(h.ends_at)) w
    ), part as (
        -- Cut where the target is used up and at p_at, so that the total can be read off there.
        select v.kind, v.span
        from (
            select least(p_at, p_clock.due_at) as first_cut, greatest(p_at, p_clock.due_at) as second_cut
        ) x
        cross join lateral (values
            ('counted', tstzrange(null, x.first_cut)),
            (case when p_at < p_clock.due_at then 'ahead' else 'late' end, tstzrange(x.first_cut, x.second_cut))
        ) as v(kind, span)
    ), worked as (
        select a.kind, lower(m.span) as starts_at, upper(m.span) as ends_at
        from opening o, horizon h, part a, unnest(
            sla._clock_runs(p_clock.tenant_id, p_clock.ticket_id, p_clock.started_at, h.ends_at)
            * tstzmultirange(o.span * a.span)) as m(span)
    ), line as (
        select c.kind, c.starts_at, c.ends_at, null as reason,
            sla._duration(sla._to_us(c.ends_at) - sla._to_us(c.starts_at)) as duration
        from worked c
        union all
        select 'paused', p.starts_at, p.ends_at, (
                select string_agg(distinct x.reason, ', ')
                from sla.pauses x
                where x.tenant_id = p_clock.tenant_id and x.ticket_id = p_clock.ticket_id
                    and tstzrange(x.paused_at, x.resumed_at) && tstzrange(p.starts_at, p.ends_at)),
            sla._business_time_in(p_clock.calendar_id, tstzmultirange(tstzrange(p.starts_at, p.ends_at)))
        from pause p
    )
    select l.kind, l.starts_at, l.ends_at, l.reason, l.duration,
        sum(l.duration) filter (where l.kind <> 'paused') over (order by l.starts_at, l.kind)
    from line l
    order by l.starts_at, l.kind
$$;
comment on function sla._clock_ledger(sla.clocks, timestamptz) is
    'The sum behind a clock, line by line in order of time, with the running total: counted (business time outside pauses), late (the same, past the due time), ahead (to come, up to the due time of a running clock), and paused (with the reasons, and the business time that did not count). Source: semantics §2.';
