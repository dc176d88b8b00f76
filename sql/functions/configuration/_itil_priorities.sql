create or replace function sla._itil_priorities(p_tenant_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_level record;
begin
    for v_level in
        select l.itil_level::smallint, l.name
        from (values (1, 'Critical'), (2, 'High'), (3, 'Medium'), (4, 'Low'), (5, 'Planning')) as l (itil_level, name)
        where not exists (
            select from helpdesk.priorities r
            where r.tenant_id = p_tenant_id and r.itil_level = l.itil_level and r.archived_at is null)
        order by l.itil_level
    loop
        -- A second priority of the same name would confuse everybody: the desk's own takes on the level.
        update helpdesk.priorities r set itil_level = v_level.itil_level
        where r.tenant_id = p_tenant_id and r.priority_id = (
            select o.priority_id from helpdesk.priorities o
            where o.tenant_id = p_tenant_id and o.name = v_level.name and o.itil_level is null
              and o.archived_at is null
            order by o.priority_id limit 1);
        if not found then
            insert into helpdesk.priorities (tenant_id, name, rank, itil_level)
            values (p_tenant_id, v_level.name, v_level.itil_level, v_level.itil_level);
        end if;
    end loop;
end
$$;
comment on function sla._itil_priorities(uuid) is
    'Makes the priorities of those ITIL levels, 1 (Critical) to 5 (Planning), that the tenant lacks; a priority that has such a name and no level takes it on. Source: semantics §6.';
