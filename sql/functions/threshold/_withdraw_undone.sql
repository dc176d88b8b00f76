create or replace function sla._withdraw_undone(p_tenant_id uuid, p_ticket_ids uuid[], p_at timestamptz) returns boolean
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_undone sla.threshold_events[];
begin
    select array_agg(e.event) into v_undone
    from sla.clocks c
    cross join lateral (
        -- On the full key: while the table has no statistics, a join reads every event of the tenant.
        select e as event, e.percent, e.crossed_at from sla.threshold_events e
        where e.tenant_id = p_tenant_id and e.ticket_id = c.ticket_id and e.metric = c.metric and e.cycle = c.cycle
          and e.withdrawn_at is null
        offset 0
    ) e
    cross join lateral (select least(greatest(p_at, c.changed_at), c.paused_at) as until) l
    where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids) and c.state in ('running', 'paused')
      and greatest(e.crossed_at, coalesce(
              c.crossings[array_position(c.percents, e.percent)],
              -- The new terms no longer name this percent, but they still say when it is reached.
              (sla._project(c.tenant_id, c.ticket_id, c.calendar_id, c.started_at,
                            sla._amounts(c.target, array[e.percent])))[1])) > l.until;
    if v_undone is not null then
        perform sla._withdraw(p_tenant_id, v_undone, p_at);
        -- To be settled again from the first percent: what stands is not recorded twice.
        update sla.clocks c
        set next_percent = c.percents[1], next_fire_at = case when c.state = 'running' then c.crossings[1] end
        from unnest(v_undone) e
        where c.tenant_id = p_tenant_id and c.ticket_id = e.ticket_id and c.metric = e.metric and c.cycle = e.cycle;
    end if;
    update sla.clocks c
    set breached_at = b.crossed_at, met = case when b.crossed_at is not null then false end
    from sla.clocks o
    left join lateral (
        select e.crossed_at from sla.threshold_events e
        where e.tenant_id = p_tenant_id and e.ticket_id = o.ticket_id and e.metric = o.metric and e.cycle = o.cycle
          and e.percent = 100 and e.withdrawn_at is null
        offset 0
    ) b on true
    where o.tenant_id = p_tenant_id and o.ticket_id = any (p_ticket_ids) and o.state in ('running', 'paused')
      and c.tenant_id = o.tenant_id and c.ticket_id = o.ticket_id and c.metric = o.metric and c.cycle = o.cycle
      and c.breached_at is distinct from b.crossed_at;
    return v_undone is not null;
end
$$;
comment on function sla._withdraw_undone(uuid, uuid[], timestamptz) is
'Withdraws the threshold events of open clocks that, counted anew, come after p_at; a breach undone so is no breach (semantics §3, Withdrawing). True when there were any: the caller settles again.';
