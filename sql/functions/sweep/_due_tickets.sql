create or replace function sla._due_tickets(p_tenant_id uuid, p_now timestamptz, p_batch_size integer) returns uuid[]
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_due uuid[];
    v_ticket_ids uuid[];
begin
    select array_agg(d.ticket_id) into v_due
    from (
        select c.ticket_id from sla.clocks c
        where c.next_fire_at <= p_now and c.tenant_id = p_tenant_id and not exists (
            select from sla.sweep_errors e
            where e.tenant_id = c.tenant_id and e.ticket_id = c.ticket_id and e.retry_at > p_now)
          and exists (
            -- Tickets that an application holds wait for the next sweep; asked here, so that they fill no batch.
            select from helpdesk.tickets t
            where t.tenant_id = c.tenant_id and t.ticket_id = c.ticket_id for no key update skip locked)
        order by c.next_fire_at
        limit p_batch_size
    ) d;
    if v_due is null then
        return null;
    end if;
    -- The clocks in the next statement, to read them as they are under the lock.
    select array_agg(distinct h.ticket_id) into v_ticket_ids
    from (
        select c.ticket_id from sla.clocks c
        where c.tenant_id = p_tenant_id and c.ticket_id = any (v_due) and c.next_fire_at <= p_now
        for no key update
    ) h;
    return v_ticket_ids;
end
$$;
comment on function sla._due_tickets(uuid, timestamptz, integer) is
'Locks and returns the tickets of a tenant whose clocks are due, the earliest first, passing over those that are held or wait for a retry.';
