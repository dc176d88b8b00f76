create or replace function sla._pause_minutes(p_tenant_id uuid, p_ticket_id uuid, p_at timestamptz) returns numeric
language sql stable parallel safe security invoker
as $$
    select coalesce(round(extract(epoch from sum(upper(m.span) - lower(m.span))) / 60, 1), 0)
    from (
        select unnest(range_agg(tstzrange(p.paused_at, greatest(p.paused_at, least(p.resumed_at, p_at))))) as span
        from sla.pauses p
        where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id
            and p.paused_at < p_at and p.reason <> 'closed'
    ) m
$$;
comment on function sla._pause_minutes(uuid, uuid, timestamptz) is
    'Minutes by the wall clock in which a ticket was paused until p_at, overlapping reasons once; time closed does not count. For reports only (semantics §2).';
