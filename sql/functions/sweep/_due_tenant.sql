create or replace function sla._due_tenant(p_now timestamptz) returns uuid
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_tenant_id uuid;
begin
    -- The tenant of the earliest due clock whose configuration nobody is changing; that change must not wait for
    -- the sweep, nor the sweep for it, or each could hold what the other needs.
    for v_tenant_id in
        select c.tenant_id from sla.clocks c
        where c.next_fire_at <= p_now and not exists (
            select from sla.sweep_errors e
            where e.tenant_id = c.tenant_id and e.ticket_id = c.ticket_id and e.retry_at > p_now)
        order by c.next_fire_at
        limit 1000
    loop
        if pg_try_advisory_xact_lock_shared(sla._gate_key(v_tenant_id)) then
            return v_tenant_id;
        end if;
    end loop;
    return null;
end
$$;
comment on function sla._due_tenant(timestamptz) is
'A tenant with due clocks, its configuration lock taken shared; null when there is none to be had.';
