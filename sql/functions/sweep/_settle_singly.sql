create or replace function sla._settle_singly(
    p_tenant_id uuid, p_ticket_ids uuid[], p_now timestamptz,
    out settled integer, out recorded integer, out failed integer
)
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket_id uuid;
    v_settled record;
begin
    select 0, 0, 0 into settled, recorded, failed;
    foreach v_ticket_id in array p_ticket_ids loop
        begin
            select s.* into v_settled from sla._settle(p_tenant_id, array[v_ticket_id], p_now) s;
            settled := settled + v_settled.settled;
            recorded := recorded + v_settled.recorded;
            delete from sla.sweep_errors e where e.tenant_id = p_tenant_id and e.ticket_id = v_ticket_id;
        exception
            when others then
                failed := failed + 1;
                perform sla._note_sweep_error(p_tenant_id, v_ticket_id, p_now, sqlstate, sqlerrm);
        end;
    end loop;
end
$$;
comment on function sla._settle_singly(uuid, uuid[], timestamptz) is
'Settles tickets one by one, so that a bad one blocks nobody: it is recorded in sla.sweep_errors and tried again later.';
