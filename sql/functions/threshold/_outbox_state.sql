create or replace function sla._outbox_state(p_channel text) returns table (state text, next_attempt_at timestamptz, sent_at timestamptz)
language sql stable parallel safe security invoker
as $$
    select case p_channel when 'in_app' then 'sent' else 'pending' end,
           case p_channel when 'in_app' then null else sla.now() end,
           case p_channel when 'in_app' then sla.now() end
$$;
comment on function sla._outbox_state(text) is
'How a new notification begins: in_app is complete when its row exists, other channels wait for the notifier.';
