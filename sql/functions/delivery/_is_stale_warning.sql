create or replace function sla._is_stale_warning(p_tenant_id uuid, p_notification_id bigint) returns boolean
language sql stable parallel safe security invoker
as $$
    select exists (
        select from sla.notifications n
        join sla.threshold_events e
            on e.tenant_id = n.tenant_id and e.ticket_id = n.ticket_id and e.event_id = n.event_id
        where n.tenant_id = p_tenant_id and n.notification_id = p_notification_id
          and (exists (
                  select from sla.clocks c
                  where c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id and c.metric = e.metric
                    and c.cycle = e.cycle and c.state in ('completed', 'cancelled'))
              or exists (
                  select from sla.notifications h
                  join sla.threshold_events g
                      on g.tenant_id = h.tenant_id and g.ticket_id = h.ticket_id and g.event_id = h.event_id
                  where h.tenant_id = n.tenant_id and h.ticket_id = n.ticket_id and h.channel = n.channel
                    and h.user_id is not distinct from n.user_id and h.state in ('pending', 'sent')
                    and g.metric = e.metric and g.cycle = e.cycle and g.percent > e.percent)))
$$;
comment on function sla._is_stale_warning(uuid, bigint) is
'Whether a warning that waited for quiet hours to end is no news any more: its clock has ended, or its recipient is told of a higher percent of that clock on the same channel.';
