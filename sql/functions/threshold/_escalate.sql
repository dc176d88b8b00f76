create or replace function sla._escalate(p_tenant_id uuid, p_events sla.threshold_events[]) returns bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_raising bigint[];
begin
    if not exists (select from unnest(p_events) e where e.escalation_level is not null) then
        return '{}'::bigint[];
    end if;
    with reached as (
        select e.ticket_id, t.board_id, e.escalation_level as level, min(e.crossed_at) as crossed_at,
               min(e.event_id) as event_id
        from (select * from unnest(p_events) u where u.escalation_level is not null offset 0) e
        cross join lateral (
            -- One by one on the full key, whatever the planner knows about the table.
            select t.board_id, t.escalation_level from helpdesk.tickets t
            where t.tenant_id = p_tenant_id and t.ticket_id = e.ticket_id offset 0
        ) t
        where e.escalation_level > t.escalation_level
        group by e.ticket_id, t.board_id, e.escalation_level
    ), highest as (
        select r.ticket_id, max(r.level) as level, max(r.crossed_at) as crossed_at from reached r group by r.ticket_id
    ), raised as (
        update helpdesk.tickets t
        set escalation_level = h.level, escalated = true, escalated_at = h.crossed_at
        from highest h
        where t.tenant_id = p_tenant_id and t.ticket_id = h.ticket_id
    ), brought as materialized (
        select r.ticket_id, r.level, r.crossed_at, m.manager_user_id
        from reached r
        left join lateral (
            select m.manager_user_id from sla.escalation_managers m
            where m.tenant_id = p_tenant_id and m.board_id = r.board_id and m.level = r.level offset 0
        ) m on true
    ), resourced as (
        insert into helpdesk.ticket_resources as tr (tenant_id, ticket_id, user_id, role)
        select distinct on (b.ticket_id, b.manager_user_id)
               p_tenant_id, b.ticket_id, b.manager_user_id, 'escalation_manager_L' || b.level
        from brought b
        where b.manager_user_id is not null
        order by b.ticket_id, b.manager_user_id, b.level desc
        on conflict (tenant_id, ticket_id, user_id) do update set role = excluded.role
        where tr.role like 'escalation\_manager\_L_'
    ), audited as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select p_tenant_id, b.ticket_id, 'escalated',
               jsonb_build_object('level', b.level, 'manager_user_id', b.manager_user_id),
               b.crossed_at, a.actor, v_now
        from (select sla._actor() as actor offset 0) a
        cross join brought b
        order by b.ticket_id, b.level
    )
    select coalesce(array_agg(r.event_id), '{}') from reached r into v_raising;
    return v_raising;
end
$$;
comment on function sla._escalate(uuid, sla.threshold_events[]) is
'Raises the escalation level of tickets whose clocks crossed an escalation percent and brings in the board''s managers of each level passed (semantics §3, Escalation). Returns the event_id of the first crossing of each level raised.';
