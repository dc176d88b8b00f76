create or replace function sla._lock_digest(
    p_tenant_id uuid, p_channel text, p_digest_id bigint, p_now timestamptz
)
returns bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_all bigint[];
    v_locked bigint[];
begin
    v_all := array(
        select n.notification_id
        from sla.notifications n
        where n.state = 'pending' and n.tenant_id = p_tenant_id and n.channel = p_channel and n.digest_id = p_digest_id
        order by n.notification_id);

    -- The first stands for all: of two who want the digest, one gets on and the other turns back here.
    perform
    from sla.notifications n
    where n.tenant_id = p_tenant_id and n.notification_id = v_all[1]
    for update skip locked;
    if not found then
        return null;
    end if;

    v_locked := array(
        select n.notification_id
        from sla.notifications n
        where n.tenant_id = p_tenant_id and n.notification_id = any (v_all)
          and n.state = 'pending' and n.next_attempt_at <= p_now
        order by n.notification_id
        for update skip locked);
    return case when v_locked = v_all then v_locked end;
end
$$;
comment on function sla._lock_digest(uuid, text, bigint, timestamptz) is
'Locks what a digest still has to tell and returns its numbers, in order; null: somebody else is at it, or a part of it is not due.';
