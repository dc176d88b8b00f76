create or replace function sla._due_singles(p_tenant_id uuid, p_channel text, p_limit integer, p_since timestamptz, p_now timestamptz)
returns bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    return array(
        select q.notification_id
        from sla.notifications q
        where q.state = 'pending' and q.tenant_id = p_tenant_id and q.channel = p_channel and q.next_attempt_at between p_since and p_now
          and q.claimed_at is null and q.digest_id is null
          -- Nobody reads of a breach before the warning that went ahead of it. One that is being tried, or waits
          -- for its next try, is pending as well, and so holds back those behind it; quiet hours do not.
          and not exists (
            select from sla.notifications e
            where e.tenant_id = q.tenant_id and e.ticket_id = q.ticket_id and e.channel = q.channel
              and e.user_id is not distinct from q.user_id
              and e.state = 'pending' and e.notification_id < q.notification_id
              and not sla._waits_for_quiet_hours(e.attempts, e.next_attempt_at, e.last_error, p_now)
            -- Looked up for the few rows that are reached: as a join, it would read the whole queue each time.
            offset 0)
          and case when sla._waited_for_quiet_hours(q.template, q.attempts, q.created_at, q.next_attempt_at, q.last_error)
              then not sla._is_stale_warning(q.tenant_id, q.notification_id) else true end
        order by q.next_attempt_at, q.notification_id
        limit p_limit
        for update skip locked);
end
$$;
comment on function sla._due_singles(uuid, text, integer, timestamptz, timestamptz) is
'Numbers of up to p_limit messages of a channel that are due, each the first of its ticket and recipient, locked; the longest waiting first.';
