create or replace function sla._due_digests(p_tenant_id uuid, p_channel text, p_limit integer, p_now timestamptz)
returns setof bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_digest_id bigint;
    v_ids bigint[];
    v_digests integer := 0;
    v_rows integer := 0;
begin
    for v_digest_id in
        select n.digest_id
        from sla.notifications n
        where n.state = 'pending' and n.digest_id is not null and n.tenant_id = p_tenant_id and n.channel = p_channel
        group by n.digest_id
        having bool_and(n.claimed_at is null and n.next_attempt_at <= p_now)
        order by n.digest_id
    loop
        exit when v_digests >= p_limit or v_rows >= sla._digest_size();
        v_ids := sla._lock_digest(p_tenant_id, p_channel, v_digest_id, p_now);
        continue when v_ids is null;
        v_digests := v_digests + 1;
        v_rows := v_rows + cardinality(v_ids);
        return next v_ids;
    end loop;
end
$$;
comment on function sla._due_digests(uuid, text, integer, timestamptz) is
'Up to p_limit digests of a channel that are due, locked: the numbers of each. No further one once they have as many rows as the longest digest may have.';
