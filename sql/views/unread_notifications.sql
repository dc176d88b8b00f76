create or replace view sla.unread_notifications with (security_invoker = true) as
select
    n.tenant_id,
    n.user_id,
    n.notification_id,
    n.ticket_id,
    t.ticket_number,
    t.title,
    n.template,
    n.payload ->> 'metric' as metric,
    (n.payload ->> 'percent')::smallint as percent,
    (n.payload ->> 'due_at')::timestamptz as due_at,
    (n.payload ->> 'escalation_level')::smallint as escalation_level,
    n.created_at
from sla.notifications n
join helpdesk.tickets t on t.tenant_id = n.tenant_id and t.ticket_id = n.ticket_id
where n.channel = 'in_app' and n.read_at is null
order by n.notification_id;
comment on view sla.unread_notifications is
    'In-app notifications that their recipients have not read yet, the oldest first; sla.mark_notifications_read marks them.';
comment on column sla.unread_notifications.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.unread_notifications.user_id is 'Who is told.';
comment on column sla.unread_notifications.notification_id is 'Number of the notification.';
comment on column sla.unread_notifications.ticket_id is 'The ticket.';
comment on column sla.unread_notifications.ticket_number is 'Its number.';
comment on column sla.unread_notifications.title is 'What it is about.';
comment on column sla.unread_notifications.template is 'Kind of message: warning, breach, escalation, response_met, resolution_met.';
comment on column sla.unread_notifications.metric is 'What was promised: response or resolution.';
comment on column sla.unread_notifications.percent is 'Percent of the target that was used, of warning, breach and escalation.';
comment on column sla.unread_notifications.due_at is 'When the promise was due, as it stood then (UTC instant).';
comment on column sla.unread_notifications.escalation_level is 'Level (1 to 3) that was reached; null: none.';
comment on column sla.unread_notifications.created_at is 'When it was written (UTC instant).';
