create or replace function sla._gather_digests(
    p_tenant_id uuid, p_channel text, p_ids bigint[], p_digest_after smallint, p_now timestamptz
)
returns integer
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_user_id uuid;
    v_locked bigint[];
    v_members bigint[];
    v_digests integer := 0;
    v_rows integer := 0;
begin
    for v_user_id in
        select u.user_id
        from (
            select distinct n.user_id
            from sla.notifications n
            where n.tenant_id = p_tenant_id and n.notification_id = any (p_ids)
        ) u
        cross join lateral (
            select count(*) as waiting
            from (
                select
                from sla.notifications n
                where n.state = 'pending' and n.claimed_at is null and n.tenant_id = p_tenant_id
                  and n.user_id = u.user_id and n.channel = p_channel and n.next_attempt_at <= p_now
                  and n.digest_id is null and n.attempts = 0
                limit p_digest_after + 1
            ) n
        ) w
        where w.waiting > p_digest_after
    loop
        -- What was tried by itself already stays by itself: its error would become everybody's.
        v_locked := array(
            select n.notification_id
            from sla.notifications n
            where n.state = 'pending' and n.claimed_at is null and n.tenant_id = p_tenant_id
              and n.user_id = v_user_id and n.channel = p_channel and n.next_attempt_at <= p_now
              and n.digest_id is null and n.attempts = 0
              and case
                  when sla._waited_for_quiet_hours(n.template, n.attempts, n.created_at, n.next_attempt_at, n.last_error)
                  then not sla._is_stale_warning(n.tenant_id, n.notification_id) else true end
            order by n.next_attempt_at, n.notification_id
            limit sla._digest_size()
            for update skip locked);
        -- Not what stands behind another of its ticket that is outside: somebody may be sending that one now.
        v_members := array(
            select n.notification_id
            from sla.notifications n
            where n.tenant_id = p_tenant_id and n.notification_id = any (v_locked)
              and not exists (
                select from sla.notifications e
                where e.tenant_id = n.tenant_id and e.ticket_id = n.ticket_id and e.channel = n.channel
                  and e.user_id is not distinct from n.user_id
                  and e.state = 'pending' and e.notification_id < n.notification_id
                  and e.notification_id <> all (v_locked)
                  and not sla._waits_for_quiet_hours(e.attempts, e.next_attempt_at, e.last_error, p_now)
                offset 0)
            order by n.notification_id);
        continue when cardinality(v_members) <= p_digest_after;

        update sla.notifications n set digest_id = v_members[1]
        where n.tenant_id = p_tenant_id and n.notification_id = any (v_members);
        v_digests := v_digests + 1;
        v_rows := v_rows + cardinality(v_members);
        exit when v_rows >= sla._digest_size();
    end loop;
    return v_digests;
end
$$;
comment on function sla._gather_digests(uuid, text, bigint[], smallint, timestamptz) is
'Gives the recipients of the messages p_ids a digest each, if more than p_digest_after wait for them on the channel: the oldest that are due. Stops when there is enough for one claim; returns how many digests it made.';
