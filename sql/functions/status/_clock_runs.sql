-- What a clock counted: every instant of its time outside the ticket's pauses. Multiranges do the merging.
create or replace function sla._clock_runs(
    p_tenant_id uuid, p_ticket_id uuid, p_from timestamptz, p_until timestamptz)
returns tstzmultirange
language sql stable parallel safe security invoker
as $$
    select tstzmultirange(tstzrange(p_from, greatest(p_from, p_until)))
        - coalesce((
            select range_agg(tstzrange(p.paused_at, p.resumed_at))
            from sla.pauses p
            where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id and p.paused_at < p_until
        ), '{}'::tstzmultirange)
$$;
comment on function sla._clock_runs(uuid, uuid, timestamptz, timestamptz) is
    'The time from p_from to p_until in which no reason paused the ticket, as disjoint runs [start, end). Source: semantics §2.';
