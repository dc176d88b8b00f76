create or replace function sla._drop_stale_warnings(
    p_tenant_id uuid, p_channel text, p_limit integer, p_since timestamptz, p_now timestamptz
)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    loop
        update sla.notifications n
        set state = 'dropped', next_attempt_at = null,
            last_error = 'it waited for quiet hours to end, and was no news then'
        from (
            select h.tenant_id, h.notification_id
            from (
                select q.*
                from sla.notifications q
                where q.state = 'pending' and q.tenant_id = p_tenant_id and q.channel = p_channel
                  and q.next_attempt_at between p_since and p_now
                order by q.next_attempt_at, q.notification_id
                limit p_limit
                offset 0
            ) h
            where sla._waited_for_quiet_hours(h.template, h.attempts, h.created_at, h.next_attempt_at, h.last_error)
            offset 0
        ) w
        join lateral (
            select k.notification_id
            from sla.notifications k
            where k.tenant_id = w.tenant_id and k.notification_id = w.notification_id and k.state = 'pending'
              and k.claimed_at is null and sla._is_stale_warning(k.tenant_id, k.notification_id)
            for update skip locked
        ) k on true
        where n.tenant_id = p_tenant_id and n.notification_id = k.notification_id;
        exit when not found;
    end loop;
end
$$;
comment on function sla._drop_stale_warnings(uuid, text, integer, timestamptz, timestamptz) is
'Drops, among the p_limit messages of a channel that are due longest, the warnings that waited for quiet hours to end and are no news any more.';
