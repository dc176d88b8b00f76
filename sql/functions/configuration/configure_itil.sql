create or replace function sla.configure_itil(p_board_id uuid) returns uuid
language plpgsql volatile parallel unsafe security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();  -- or two at once would both make what is missing
    v_policy_id uuid;
begin
    perform sla._require_board(p_board_id);
    perform sla._itil_priorities(v_tenant_id);
    v_policy_id := sla._itil_policy(v_tenant_id);
    update helpdesk.boards b set sla_policy_id = v_policy_id
    where b.tenant_id = v_tenant_id and b.board_id = p_board_id and b.sla_policy_id is null;
    return v_policy_id;
end
$$;
comment on function sla.configure_itil(uuid) is
    'Gives a board the policy "ITIL Standard", made once per tenant with its priorities, targets and thresholds; a board that has a policy keeps it. Safe to call twice; what exists already is left as it is. Returns the policy. Unknown board: SQLSTATE SL012. Source: semantics §6.';
