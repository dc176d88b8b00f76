create or replace function sla.resolve_policy(p_ticket_id uuid) returns uuid
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy_id uuid;
begin
    select a.policy_id into v_policy_id
    from helpdesk.tickets t
    cross join lateral sla._applicable_policy(t.tenant_id, t.sla_policy_id, t.client_id, t.board_id) a
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_id = p_ticket_id;
    if not found then
        raise exception 'ticket % is unknown', coalesce(p_ticket_id::text, 'null')
            using errcode = 'SL010', hint = 'Give the ticket_id of a ticket of this tenant.';
    end if;
    return v_policy_id;
end
$$;
comment on function sla.resolve_policy(uuid) is
'The policy that applies to a ticket now: its own, its client''s, its board''s, else the default; null: none. Errors: SL010 unknown ticket. Source: semantics §4, Policy resolution.';
