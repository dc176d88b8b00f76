create or replace function sla._recipients(p_tenant_id uuid, p_user_ids uuid[]) returns jsonb
language sql stable parallel safe security invoker
as $$
    select coalesce(jsonb_agg(jsonb_build_object('name', u.name, 'email', u.email) order by u.name, u.user_id), '[]')
    from unnest(p_user_ids) as w (user_id)
    cross join lateral (
        select k.user_id, k.name, k.email from helpdesk.users k
        where k.tenant_id = p_tenant_id and k.user_id = w.user_id offset 0
    ) u
$$;
comment on function sla._recipients(uuid, uuid[]) is
'Names and e-mail addresses of people, as a message for a system names its recipients: [{"name": …, "email": …}, …].';
