create or replace function sla._waiting_lanes(p_kind text, p_resting text[], p_now timestamptz)
returns table (
    tenant_id uuid,
    channel text,
    url text,
    sender text,
    signing_secret text,
    max_attempts smallint,
    digest_after smallint,
    locale text,
    config_version bigint,
    since timestamptz
)
language sql stable parallel safe security invoker
as $$
    -- From one tenant and channel to the next along the index: the time grows with the queues, not with the rows.
    with recursive lane as (
        (
            select n.tenant_id, n.channel
            from sla.notifications n
            where n.state = 'pending'
            order by n.tenant_id, n.channel
            limit 1
        )
        union all
        select f.tenant_id, f.channel
        from lane l
        cross join lateral (
            select n.tenant_id, n.channel
            from sla.notifications n
            where n.state = 'pending' and (n.tenant_id, n.channel) > (l.tenant_id, l.channel)
            order by n.tenant_id, n.channel
            limit 1
        ) f
    )
    select l.tenant_id, l.channel, c.url, c.sender, c.signing_secret, coalesce(c.max_attempts, sla._max_attempts()),
           case when p_kind = 'email' then s.digest_after end, coalesce(s.locale, 'en'), coalesce(s.config_version, 0),
           l.since
    from (
        select l.tenant_id, l.channel, head.next_attempt_at as since
        from lane l
        cross join lateral (
            select n.next_attempt_at
            from sla.notifications n
            where n.state = 'pending' and n.tenant_id = l.tenant_id and n.channel = l.channel
              and n.next_attempt_at <= p_now
            order by n.next_attempt_at
            limit 1
        ) head
        offset 0
    ) l
    left join sla.channels c on c.tenant_id = l.tenant_id and c.channel = l.channel
    left join sla.settings s on s.tenant_id = l.tenant_id
    where coalesce(c.kind, case l.channel when 'email' then 'email' end) = p_kind
      and coalesce(c.is_enabled, true) and coalesce(c.url, '') <> all (p_resting)
    order by l.since
$$;
comment on function sla._waiting_lanes(text, text[], timestamptz) is
'The channels (of every tenant) of a kind with something due, whose endpoint does not rest, the longest waiting (since) first; and what their messages are sent with.';
