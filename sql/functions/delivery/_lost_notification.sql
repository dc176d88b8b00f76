create or replace function sla._lost_notification(
    p_tenant_id uuid, p_channel text, p_max_attempts smallint, p_now timestamptz
)
returns bigint[]
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_lost record;
    v_ids bigint[];
begin
    loop
        select n.notification_id, n.digest_id, n.claimed_alone and n.attempts >= p_max_attempts as is_dead into v_lost
        from sla.notifications n
        where n.state = 'pending' and n.tenant_id = p_tenant_id and n.channel = p_channel
          and n.claimed_at is not null and n.next_attempt_at <= p_now
        order by n.next_attempt_at
        limit 1
        for update skip locked;
        exit when not found;

        v_ids := case
            when v_lost.digest_id is null then array[v_lost.notification_id]
            else sla._lock_digest(p_tenant_id, p_channel, v_lost.digest_id, p_now) end;
        if v_ids is null or not v_lost.is_dead then
            return v_ids;
        end if;
        update sla.notifications n
        set state = 'dead', next_attempt_at = null, claimed_at = null,
            last_error = coalesce(n.last_error || '; then ', '') || 'the listener ended while it was sending this'
        where n.tenant_id = p_tenant_id and n.notification_id = any (v_ids);
    end loop;
    return null;
end
$$;
comment on function sla._lost_notification(uuid, text, smallint, timestamptz) is
'One message of a channel (several numbers: a digest) whose claim ran out unanswered, locked; null: there is none. Those that were alone at their last attempt are given up on the way.';
