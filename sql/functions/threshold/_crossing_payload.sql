create or replace function sla._crossing_payload(p_tenant_id uuid, p_event_id bigint) returns jsonb
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select sla._clock_payload(e.tenant_id, e.ticket_id, e.metric, e.cycle) || jsonb_build_object(
            'percent', e.percent, 'kind', e.kind, 'crossed_at', e.crossed_at, 'escalation_level', e.escalation_level)
        from sla.threshold_events e
        where e.tenant_id = p_tenant_id and e.event_id = p_event_id);
end
$$;
comment on function sla._crossing_payload(uuid, bigint) is 'What a message about a threshold event says, as it is now.';
