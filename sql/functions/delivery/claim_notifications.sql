create or replace function sla.claim_notifications(
    p_channel text, p_limit integer default 1, p_lease interval default '2 minutes'
)
returns table (
    tenant_id uuid,
    notification_id bigint,
    ticket_id uuid,
    channel text,
    template text,
    payload jsonb,
    attempt smallint,
    recipient_name text,
    recipient_email text
)
language sql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set jit = off -- the planner may think it worth 30 ms of compiling; the query takes less than one
as $$
    with due as (
        select q.tenant_id, q.notification_id, q.attempts
        from sla.notifications q
        where q.channel = p_channel and q.state = 'pending' and q.next_attempt_at <= sla.now()
          -- Nobody reads of a breach before the warning that went ahead of it. One that is being tried, or
          -- waits for its next try, is pending as well, and so holds back those behind it.
          and not exists (
            select from sla.notifications e
            where e.tenant_id = q.tenant_id and e.ticket_id = q.ticket_id and e.channel = q.channel
              and e.user_id is not distinct from q.user_id
              and e.state = 'pending' and e.notification_id < q.notification_id
            -- Looked up for the few rows that are reached: as a join, it would read the whole queue each time.
            offset 0)
        order by q.next_attempt_at, q.notification_id
        limit p_limit
        for update of q skip locked
    ), given_up as (
        -- A try that was never answered for ended with its listener. Counting it keeps a message that kills
        -- its listener from doing so for ever.
        update sla.notifications n
        set state = 'dead', next_attempt_at = null,
            last_error = coalesce(n.last_error || '; then ', '') || 'the listener ended while it was sending this'
        from due
        where n.tenant_id = due.tenant_id and n.notification_id = due.notification_id
          and due.attempts >= sla._max_attempts()
    ), claimed as (
        update sla.notifications n
        set attempts = n.attempts + 1, next_attempt_at = sla.now() + p_lease
        from due
        where n.tenant_id = due.tenant_id and n.notification_id = due.notification_id
          and due.attempts < sla._max_attempts()
        returning n.*
    )
    select c.tenant_id, c.notification_id, c.ticket_id, c.channel, c.template, c.payload, c.attempts, u.name, u.email
    from claimed c
    left join helpdesk.users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
    order by c.notification_id
$$;
comment on function sla.claim_notifications(text, integer, interval) is
'Hands out up to p_limit notifications of a channel that are due, of every tenant, the longest waiting first and those of one ticket, channel and recipient in order; each counts as an attempt. They are the caller''s for p_lease: whoever was killed meanwhile loses nothing, because they are handed out again then, and no lock is held while the channel is talked to. Answer with sla.mark_notification_sent or sla.mark_notification_failed before the lease ends. Any number of listeners may call it at once. Source: architecture, Python package.';
