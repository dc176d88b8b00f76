create or replace function sla._retire_policy() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._refuse_retirement('policy', old.name, (
        select string_agg(u.used_by, ', ' order by u.used_by) from (
            select 'the default policy' as used_by where old.is_default and old.archived_at is null
            union all select 'client ' || c.name from helpdesk.clients c
            where c.tenant_id = old.tenant_id and c.sla_policy_id = old.policy_id
            union all select 'board ' || b.name from helpdesk.boards b
            where b.tenant_id = old.tenant_id and b.sla_policy_id = old.policy_id
            union all select count(distinct c.ticket_id) || ' open tickets' from sla.clocks c
            where c.tenant_id = old.tenant_id and c.policy_id = old.policy_id and c.state in ('running', 'paused')
            having count(*) > 0
        ) u));
    if not exists (select from sla.clocks c where c.tenant_id = old.tenant_id and c.policy_id = old.policy_id)
       and not exists (select from helpdesk.tickets t
                       where t.tenant_id = old.tenant_id and t.sla_policy_id = old.policy_id) then
        return old;
    end if;
    update sla.policies p set archived_at = coalesce(p.archived_at, sla.now()), is_default = false
    where p.tenant_id = old.tenant_id and p.policy_id = old.policy_id;
    return null;
end
$$;
comment on function sla._retire_policy() is
'Deleting a policy: refused while a client, a board, the tenant or an open clock uses it (SL019), else archived when old clocks name it (semantics §4).';
