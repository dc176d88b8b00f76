create or replace function sla._require_known(p_thing text, p_id uuid) returns void
language plpgsql stable parallel safe security invoker
as $$
declare
    v_tenant_id uuid := helpdesk.current_tenant();
    v_known boolean := case p_thing
        when 'priority' then exists (
            select from helpdesk.priorities r
            where r.tenant_id = v_tenant_id and r.priority_id = p_id and r.archived_at is null)
        when 'status' then exists (
            select from helpdesk.statuses s
            where s.tenant_id = v_tenant_id and s.status_id = p_id and s.archived_at is null)
        when 'user' then exists (
            select from helpdesk.users u where u.tenant_id = v_tenant_id and u.user_id = p_id)
    end;
begin
    if not v_known then
        raise exception '% % is unknown', p_thing, coalesce(p_id::text, 'null')
            using errcode = 'SL023',
                  hint = format('Give the %1$s_id of a %1$s of this tenant that is in force.', p_thing);
    end if;
end
$$;
comment on function sla._require_known(text, uuid) is
'Raises SL023 when the current tenant has no priority, status or user (p_thing) with that key, or only a retired one.';
