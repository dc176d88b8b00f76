create or replace function sla.record_deliveries(
    p_tenant_ids uuid[], p_notification_ids bigint[], p_attempts integer[], p_outcomes text[], p_errors text[]
)
returns table (tenant_id uuid, notification_id bigint, state text)
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set jit = off -- the planner may think it worth 30 ms of compiling; the query takes less than one
-- The queue grows and empties faster than its statistics follow: each row is found by its key, by one plan.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_unknown text;
begin
    select coalesce(u.outcome, 'null') into v_unknown
    from unnest(p_outcomes) as u (outcome)
    where coalesce(u.outcome <> all ('{sent,failed,refused,unreachable}'), true)
    limit 1;
    if found then
        raise exception 'outcome of a delivery "%" is unknown', v_unknown
            using errcode = 'SL064', hint = 'It is sent, failed, refused or unreachable.';
    end if;

    return query
        with answer as (
            select a.*, n.locked_attempts as attempts, n.created_at,
                   case
                       when a.outcome = 'sent' then 'sent'
                       when a.outcome = 'refused' then 'dead'
                       when a.outcome = 'failed' and n.locked_attempts >= coalesce(c.max_attempts, sla._max_attempts())
                       then 'dead'
                       else 'pending'
                   end as new_state
            from (
                select u.*
                from unnest(p_tenant_ids, p_notification_ids, p_attempts, p_outcomes, p_errors)
                    as u (tenant_id, notification_id, attempt, outcome, error)
                -- Everybody who locks several of them does so in this order.
                order by u.tenant_id, u.notification_id
            ) a
            cross join lateral (
                select q.attempts as locked_attempts, q.created_at, q.channel
                from sla.notifications q
                where q.tenant_id = a.tenant_id and q.notification_id = a.notification_id
                  and case
                      -- Even when it was dropped or claimed again meanwhile: the message is out.
                      when a.outcome = 'sent' then q.state <> 'sent'
                      -- A later attempt means that the lease ran out and somebody else has it now: his answer counts.
                      else q.state = 'pending' and q.claimed_at is not null and q.attempts = a.attempt
                  end
                for no key update
            ) n
            left join sla.channels c on c.tenant_id = a.tenant_id and c.channel = n.channel
        )
        update sla.notifications n
        set state = a.new_state,
            attempts = case when a.outcome = 'unreachable' then a.attempts - 1 else a.attempts end,
            sent_at = case when a.new_state = 'sent' then sla.now() end,
            next_attempt_at = case
                when a.new_state <> 'pending' then null
                when a.outcome = 'failed' then sla.now() + least('30 seconds', '1 second'::interval * 2 ^ (a.attempts - 1))
                when a.error is not null then sla.now() + interval '1 second'
                -- Given back untried: to where it stood.
                else a.created_at
            end,
            last_error = case when a.outcome = 'unreachable' then coalesce(a.error, n.last_error) else a.error end,
            claimed_at = null,
            claimed_alone = null
        from answer a
        where n.tenant_id = a.tenant_id and n.notification_id = a.notification_id
        returning n.tenant_id, n.notification_id, n.state;
end
$$;
comment on function sla.record_deliveries(uuid[], bigint[], integer[], text[], text[]) is
'Answers for claimed notifications, one element of each array a notification; attempt as it was claimed. sent: accepted, and an error is kept as a remark. failed: tried again after 1 second, each time twice as long, at most 30 seconds, and dead after max_attempts of its channel. refused: dead at once. unreachable: not said at all, so the attempt does not count and it is due again in 1 second, or at once without an error. Returns the state of each now; one that is missing was overtaken (its lease ran out and another has it, it was dropped, or its ticket was deleted). Errors: SL064 when an outcome is unknown. Source: architecture, Python package.';
