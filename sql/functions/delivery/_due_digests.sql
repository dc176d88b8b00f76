create or replace function sla._due_digests(p_tenant_id uuid, p_channel text, p_limit integer, p_now timestamptz)
returns setof bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    return query
        select m.ids
        from (
            select n.digest_id
            from sla.notifications n
            where n.state = 'pending' and n.digest_id is not null and n.tenant_id = p_tenant_id and n.channel = p_channel
            group by n.digest_id
            having bool_and(n.claimed_at is null and n.next_attempt_at <= p_now)
            order by n.digest_id
            limit p_limit
        ) d
        cross join lateral (select sla._lock_digest(p_tenant_id, p_channel, d.digest_id, p_now) as ids offset 0) m
        where m.ids is not null;
end
$$;
comment on function sla._due_digests(uuid, text, integer, timestamptz) is
'Up to p_limit digests of a channel that are due, locked: the numbers of each.';
