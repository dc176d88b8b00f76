create or replace function sla._protect_audit_partition(p_partition regclass) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    execute pg_catalog.format(
        'create or replace trigger slapg_never_truncate before truncate on %s
             for each statement execute function sla._refuse_history_change()', p_partition);
    if not (select c.relrowsecurity from pg_catalog.pg_class c where c.oid = p_partition) then
        execute pg_catalog.format('alter table %s enable row level security', p_partition);
        execute pg_catalog.format(
            'create policy slapg_tenant on %s using (tenant_id = (select helpdesk.current_tenant()))', p_partition);
    end if;
end
$$;
comment on function sla._protect_audit_partition(regclass) is
'Gives a new partition of the audit log what it does not get from its parent: row-level security by tenant and the refusal of TRUNCATE.';
