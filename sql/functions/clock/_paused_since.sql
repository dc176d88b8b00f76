create or replace function sla._paused_since(p_tenant_id uuid, p_ticket_id uuid, p_started_at timestamptz)
returns timestamptz
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select greatest(p_started_at, lower(u.span))
        from unnest((
            select range_agg(tstzrange(p.paused_at, p.resumed_at)) from sla.pauses p
            where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id
        )) as u (span)
        where upper_inf(u.span)
    );
end
$$;
comment on function sla._paused_since(uuid, uuid, timestamptz) is
'Since when a clock started at p_started_at stands still: the start of the open interval of the union of the ticket''s pauses (UTC instant); null when none is open.';
