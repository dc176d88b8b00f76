create or replace function sla.queue_depth()
returns table (channel text, state text, notifications bigint, oldest_due interval)
language sql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
set jit = off -- the planner may think it worth 30 ms of compiling; the query takes less than one
as $$
    select n.channel, n.state, count(*),
           sla.now() - min(n.next_attempt_at) filter (where n.next_attempt_at <= sla.now())
    from sla.notifications n
    where n.state in ('pending', 'dead')
    group by n.channel, n.state
$$;
comment on function sla.queue_depth() is
'How many notifications wait (pending) or were given up (dead) on each channel, of all tenants, and for how long the oldest has been due; null: none is due. Reads the undelivered rows only.';
