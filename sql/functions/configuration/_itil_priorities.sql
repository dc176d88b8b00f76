create or replace function sla._itil_priorities(p_tenant_id uuid) returns void
language sql volatile parallel unsafe security invoker
as $$
    insert into helpdesk.priorities (tenant_id, name, rank, itil_level)
    select p_tenant_id, l.name, l.itil_level, l.itil_level
    from (values (1, 'Critical'), (2, 'High'), (3, 'Medium'), (4, 'Low'), (5, 'Planning')) as l(itil_level, name)
    where not exists (
        select from helpdesk.priorities r
        where r.tenant_id = p_tenant_id and r.itil_level = l.itil_level and r.archived_at is null)
$$;
comment on function sla._itil_priorities(uuid) is
    'Makes the priorities of those ITIL levels, 1 (Critical) to 5 (Planning), that the tenant lacks. Source: semantics §6.';
