create or replace function sla._finish_gained(p_ticket helpdesk.tickets, p_metric text, p_done_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_clock sla.clocks;
    v_done_at timestamptz;
    v_crossings timestamptz[];
begin
    select c.* into v_clock from sla._latest_clocks(p_ticket.tenant_id, p_ticket.ticket_id) c where c.metric = p_metric;
    v_done_at := greatest(p_done_at, v_clock.started_at);
    v_crossings := sla._project(v_clock.tenant_id, v_clock.ticket_id, v_clock.calendar_id, v_clock.started_at,
                                sla._amounts(v_clock.target, v_clock.percents), v_done_at);
    perform sla._withdraw_completed(v_clock, v_crossings, v_done_at);
    perform sla._end_clock(v_clock, v_crossings, v_done_at);
    perform sla._audit(v_clock.tenant_id, v_clock.ticket_id, p_metric || '_recorded', v_done_at,
                       jsonb_build_object('metric', p_metric, 'cycle', v_clock.cycle, 'gained', true));
end
$$;
comment on function sla._finish_gained(helpdesk.tickets, text, timestamptz) is
'Completes a gained clock where what it measures had already happened; like one born closed it records no thresholds and tells nobody.';
