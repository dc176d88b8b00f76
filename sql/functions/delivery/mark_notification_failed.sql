create or replace function sla.mark_notification_failed(
    p_tenant_id uuid, p_notification_id bigint, p_attempt integer, p_error text, p_is_permanent boolean default false
)
returns text
language sql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
    update sla.notifications n
    set state = v.state,
        next_attempt_at = case v.state
            when 'pending' then sla.now() + least('30 seconds', '1 second'::interval * 2 ^ (n.attempts - 1))
        end,
        last_error = p_error
    from (select case
              when p_is_permanent or p_attempt >= sla._max_attempts() then 'dead' else 'pending'
          end as state) v
    where n.tenant_id = p_tenant_id and n.notification_id = p_notification_id and n.state = 'pending'
      -- A later attempt means that the lease ran out and somebody else has it now: his answer counts.
      and n.attempts = p_attempt
    returning n.state
$$;
comment on function sla.mark_notification_failed(uuid, bigint, integer, text, boolean) is
'Records that attempt p_attempt (as claimed) failed, and why. It is tried again after 1 second, each time twice as long, at most 30 seconds; after three attempts, or at once when p_is_permanent, it is dead. Returns its state now; null when the attempt no longer counts (its lease ran out, or it was dropped). Source: architecture, Python package.';
