create or replace function sla._record_reply(p_tenant_id uuid, p_ticket_id uuid, p_replied_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_response sla.clocks;
    v_entered_at timestamptz;
    v_at timestamptz;
begin
    perform sla._lock_clocks(p_tenant_id, array[p_ticket_id]);
    select c.* into v_response from sla._latest_clocks(p_tenant_id, p_ticket_id) c where c.metric = 'response';
    if v_response.state = 'completed' or exists (
        select from sla.audit_log a
        where a.tenant_id = p_tenant_id and a.ticket_id = p_ticket_id
          and a.event_type = 'ticket_changed' and a.event_data ? 'reply'
    ) then
        return;  -- the first reply wins
    end if;
    select t.entered_at into v_entered_at from helpdesk.tickets t
    where t.tenant_id = p_tenant_id and t.ticket_id = p_ticket_id;
    v_at := greatest(
        v_entered_at,
        case when v_response.state in ('running', 'paused') then v_response.changed_at end,
        least(p_replied_at, sla.now()));
    perform sla._audit(p_tenant_id, p_ticket_id, 'ticket_changed', v_at, jsonb_build_object(
        'reply', true, 'clamped', case when v_at <> p_replied_at then true end));
    if not sla._complete_clock(p_tenant_id, p_ticket_id, 'response', v_at) then
        perform sla._touch_ticket(p_tenant_id, p_ticket_id);
    end if;
end
$$;
comment on function sla._record_reply(uuid, uuid, timestamptz) is
'Notes the first public reply to a ticket and completes its open response clock there, between the clock''s last transition and now (semantics §2, Supplied times; docs/decisions 3).';
