create or replace function sla._apply_ticket_change(p_old helpdesk.tickets, p_new helpdesk.tickets) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_last timestamptz;
    v_at timestamptz;
    v_moved boolean := p_old.status_id is distinct from p_new.status_id;
    v_was_closed boolean;
    v_is_closed boolean;
    v_supplied timestamptz;
begin
    perform sla._lock_clocks(p_new.tenant_id, array[p_new.ticket_id]);
    v_last := sla._last_transition(p_new.tenant_id, p_new.ticket_id, p_new.entered_at);
    v_was_closed := sla._is_closed(p_new.tenant_id, p_new.ticket_id);
    v_is_closed := case when v_moved then (select s.is_closed from sla._is_closed_status(p_new.tenant_id, p_new.status_id) s)
                        else v_was_closed end;
    if v_is_closed and not v_was_closed and p_new.closed_at is distinct from p_old.closed_at then
        v_supplied := p_new.closed_at;
    end if;
    v_at := greatest(v_last, least(coalesce(v_supplied, v_now), v_now));

    perform sla._audit(p_new.tenant_id, p_new.ticket_id, 'ticket_changed', v_at,
                       sla._ticket_changes(p_old, p_new)
                       || case when v_supplied <> v_at then '{"clamped": true}' else '{}'::jsonb end);
    if v_was_closed and not v_is_closed then
        perform sla._reopen_ticket(p_new, v_at);
    elsif (p_old.priority_id, p_old.sla_policy_id) is distinct from (p_new.priority_id, p_new.sla_policy_id)
       -- Another client or board under the same policy: clocks keep the terms that they started with (semantics §4).
       or ((p_old.client_id, p_old.board_id) is distinct from (p_new.client_id, p_new.board_id)
           and (select a.policy_id
                from sla._applicable_policy(p_new.tenant_id, p_old.sla_policy_id, p_old.client_id, p_old.board_id) a)
               is distinct from (
                select a.policy_id
                from sla._applicable_policy(p_new.tenant_id, p_new.sla_policy_id, p_new.client_id, p_new.board_id) a)) then
        perform sla._renew_terms(
            p_new, v_at,
            case when p_old.priority_id is distinct from p_new.priority_id then 'priority_changed' else 'policy_changed' end,
            v_is_closed and not v_was_closed);
    end if;
    if v_is_closed and not v_was_closed then
        perform sla._close_ticket(p_new, v_at, v_supplied);
    elsif v_moved or p_old.response_state is distinct from p_new.response_state then
        perform sla._set_pauses(p_new.tenant_id, p_new.ticket_id, sla._reasons_now(p_new, v_is_closed), v_at);
    end if;
end
$$;
comment on function sla._apply_ticket_change(helpdesk.tickets, helpdesk.tickets) is
'What one statement''s change of a ticket does to its clocks, all at one instant: policy and priority first, then status and response state, closing last (semantics §2, Order and time; docs/decisions 1, 2).';
