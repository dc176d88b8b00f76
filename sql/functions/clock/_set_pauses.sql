create or replace function sla._set_pauses(p_tenant_id uuid, p_ticket_id uuid, p_reasons text[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    with ended as (
        update sla.pauses p set resumed_at = p_at
        where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id and p.resumed_at is null
          and p.reason <> all (p_reasons)
        returning p.reason
    )
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select p_tenant_id, p_ticket_id, 'sla_resumed', jsonb_build_object('reason', e.reason), p_at, sla._actor(), sla.now()
    from ended e order by e.reason;

    with begun as (
        insert into sla.pauses (tenant_id, ticket_id, reason, paused_at)
        select p_tenant_id, p_ticket_id, r.reason, p_at
        from unnest(p_reasons) as r (reason)
        on conflict (tenant_id, ticket_id, reason) where resumed_at is null do nothing
        returning reason
    )
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select p_tenant_id, p_ticket_id, 'sla_paused', jsonb_build_object('reason', b.reason), p_at, sla._actor(), sla.now()
    from begun b order by b.reason;

    perform sla._follow_pauses(p_tenant_id, p_ticket_id, p_at);
end
$$;
comment on function sla._set_pauses(uuid, uuid, text[], timestamptz) is
'Makes the open pauses of a ticket exactly p_reasons from p_at (UTC instant) on, and its open clocks follow their union (semantics §2, Pause).';
