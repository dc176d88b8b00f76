create or replace function sla._complete_clock(
    p_tenant_id uuid, p_ticket_id uuid, p_metric text, p_at timestamptz, p_note jsonb default '{}'
) returns boolean
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_clock sla.clocks;
    v_crossings timestamptz[];
begin
    perform sla._settle(p_tenant_id, array[p_ticket_id], p_at, true, p_metric);
    select c.* into v_clock from sla.clocks c
    where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.metric = p_metric
      and c.state in ('running', 'paused');
    if not found then
        return false;
    end if;
    v_crossings := v_clock.crossings;
    if v_clock.state = 'paused' then  -- the pause ends here for this clock
        v_crossings := sla._project(p_tenant_id, p_ticket_id, v_clock.calendar_id, v_clock.started_at,
                                    sla._amounts(v_clock.target, v_clock.percents), p_at);
    end if;
    perform sla._withdraw_completed(v_clock, v_crossings, p_at);
    perform sla._end_clock(v_clock, v_crossings, p_at);
    perform sla._audit(p_tenant_id, p_ticket_id, p_metric || '_recorded', p_at, p_note || jsonb_build_object(
        'metric', p_metric, 'cycle', v_clock.cycle,
        'met', p_at <= v_crossings[array_position(v_clock.percents, 100::smallint)]));
    perform sla._notify_verdict(p_tenant_id, p_ticket_id, p_metric, v_clock.cycle);
    return true;
end
$$;
comment on function sla._complete_clock(uuid, uuid, text, timestamptz, jsonb) is
'Completes the open clock of a metric at p_at (UTC instant, not before its last transition) with its verdict; false when none is open (semantics §2).';
