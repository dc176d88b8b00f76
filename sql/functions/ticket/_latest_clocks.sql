create or replace function sla._latest_clocks(p_tenant_id uuid, p_ticket_id uuid) returns setof sla.clocks
language sql stable parallel safe security invoker
as $$
    select distinct on (c.metric) c.*
    from sla.clocks c
    where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id
    order by c.metric, c.cycle desc
$$;
comment on function sla._latest_clocks(uuid, uuid) is 'The newest cycle of each clock of a ticket.';
