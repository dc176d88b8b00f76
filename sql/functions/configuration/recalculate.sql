create or replace function sla.recalculate(p_policy_id uuid) returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_ticket helpdesk.tickets;
    v_count integer := 0;
begin
    if not exists (select from sla.policies p where p.tenant_id = v_tenant_id and p.policy_id = p_policy_id) then
        raise exception 'policy % is unknown', coalesce(p_policy_id::text, 'null')
            using errcode = 'SL015', hint = 'Give the policy_id of a policy of this tenant.';
    end if;
    perform sla._flush_calendar_edits();
    for v_ticket in
        select t.* from helpdesk.tickets t
        where t.tenant_id = v_tenant_id and exists (
            select from sla.clocks c
            where c.tenant_id = t.tenant_id and c.ticket_id = t.ticket_id and c.policy_id = p_policy_id
              and c.state in ('running', 'paused'))
        order by t.ticket_id
    loop
        perform sla._lock_clocks(v_tenant_id, array[v_ticket.ticket_id]);
        perform sla._renew_terms(
            v_ticket,
            greatest(sla.now(), sla._last_transition(v_tenant_id, v_ticket.ticket_id, v_ticket.entered_at)),
            'recalculated');
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;
comment on function sla.recalculate(uuid) is
'Gives the tickets whose open clocks are a policy''s the terms that hold now; returns how many tickets it looked at. Their old terms stay in the audit log (recalculated, old_terms); sla.preview_recalculation says beforehand what it would do. Errors: SL015 unknown policy. Source: semantics §4.';
