create or replace function sla._refuse_taken_name(p_name text, p_policy_id uuid default null) returns void
language plpgsql stable parallel safe security invoker
as $$
begin
    if exists (
        select from sla.policies p
        where p.tenant_id = helpdesk.current_tenant() and p.name = p_name and p.archived_at is null
          and p.policy_id is distinct from p_policy_id
    ) then
        raise exception 'there is a policy "%" already', p_name
            using errcode = 'SL025', hint = 'Names of policies are unique: choose another, or update that one.';
    end if;
end
$$;
comment on function sla._refuse_taken_name(text, uuid) is
'Raises SL025 when another policy of the current tenant (than p_policy_id) has that name.';
