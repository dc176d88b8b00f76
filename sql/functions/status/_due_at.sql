-- A pause that has not ended leaves due_at where it was: only the pauses that had ended by p_at are gaps.
create or replace function sla._due_at(p_clock sla.clocks, p_at timestamptz) returns timestamptz
language sql stable parallel unsafe security invoker
as $$
    with gaps as (
        select range_agg(g.gap) as gaps
        from (
            select unnest(range_agg(tstzrange(p.paused_at, p.resumed_at))) as gap
            from sla.pauses p
            where p.tenant_id = p_clock.tenant_id and p.ticket_id = p_clock.ticket_id
                and p.paused_at < least(p_at, p_clock.completed_at)
        ) g
        where upper(g.gap) <= least(p_at, p_clock.completed_at)
    ), runs as (
        select lower(r.run) as opens, upper(r.run) as closes
        from gaps, unnest(tstzmultirange(tstzrange(p_clock.started_at, null))
            - coalesce(gaps.gaps, '{}'::tstzmultirange)) as r(run)
    )
    select case
        when p_at >= p_clock.changed_at then p_clock.due_at
        else sla._from_us((sla._business_instants_over(
            p_clock.calendar_id,
            (select array_agg(sla._to_us(runs.opens) order by runs.opens) from runs),
            (select array_agg(sla._to_us(runs.closes) order by runs.opens) from runs),
            array[(extract(epoch from p_clock.target) * 1000000)::bigint]))[1])
    end
$$;
comment on function sla._due_at(sla.clocks, timestamptz) is
    'When the target is used up, as it stood at p_at: given the pauses that had ended by then, under the terms that the clock has now. Source: semantics §2.';
