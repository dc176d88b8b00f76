create or replace function sla._outbox_state(p_channel text, p_now timestamptz)
returns table (state text, next_attempt_at timestamptz, sent_at timestamptz)
language sql stable parallel safe security invoker
as $$
    select case p_channel when 'in_app' then 'sent' else 'pending' end,
           case p_channel when 'in_app' then null else p_now end,
           case p_channel when 'in_app' then p_now end
$$;
comment on function sla._outbox_state(text, timestamptz) is
'How a new notification begins: in_app is complete when its row exists, other channels wait for the notifier.';
