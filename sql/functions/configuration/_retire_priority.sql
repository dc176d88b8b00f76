create or replace function sla._retire_priority() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._refuse_retirement('priority', old.name, (
        select string_agg(u.used_by, ', ' order by u.used_by) from (
            select 'policy ' || p.name as used_by from sla.policy_targets g
            join sla.policies p on p.tenant_id = g.tenant_id and p.policy_id = g.policy_id
            where g.tenant_id = old.tenant_id and g.priority_id = old.priority_id and p.archived_at is null
            union all select count(distinct c.ticket_id) || ' open tickets' from sla.clocks c
            where c.tenant_id = old.tenant_id and c.priority_id = old.priority_id and c.state in ('running', 'paused')
            having count(*) > 0
        ) u));
    if not exists (select from helpdesk.tickets t
                   where t.tenant_id = old.tenant_id and t.priority_id = old.priority_id)
       and not exists (select from sla.clocks c
                       where c.tenant_id = old.tenant_id and c.priority_id = old.priority_id)
       and not exists (select from sla.policy_targets g
                       where g.tenant_id = old.tenant_id and g.priority_id = old.priority_id) then
        return old;
    end if;
    update helpdesk.priorities r set archived_at = coalesce(r.archived_at, sla.now())
    where r.tenant_id = old.tenant_id and r.priority_id = old.priority_id;
    return null;
end
$$;
comment on function sla._retire_priority() is
'Deleting a priority: refused while a policy in force promises something for it or an open clock counts by it (SL019), else archived when anything names it (semantics §4).';
