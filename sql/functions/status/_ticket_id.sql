create or replace function sla._ticket_id(p_ticket text) returns uuid
language plpgsql stable parallel safe security invoker
as $$
declare
    v_ticket_id uuid;
begin
    select t.ticket_id into v_ticket_id
    from helpdesk.tickets t
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_number = p_ticket;
    if v_ticket_id is null and p_ticket ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        select t.ticket_id into v_ticket_id
        from helpdesk.tickets t
        where t.tenant_id = helpdesk.current_tenant() and t.ticket_id = p_ticket::uuid;
    end if;
    if v_ticket_id is null then
        raise exception using
            errcode = 'SL010',
            message = format('there is no ticket %s', coalesce(p_ticket, '(null)')),
            hint = 'give the number or the id of a ticket of this tenant';
    end if;
    return v_ticket_id;
end
$$;
comment on function sla._ticket_id(text) is
    'The ticket with this number, else with this id; SQLSTATE SL010 naming it when there is none.';
