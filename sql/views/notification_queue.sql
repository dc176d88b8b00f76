create or replace view sla.notification_queue with (security_invoker = true) as
select
    n.tenant_id,
    n.notification_id,
    n.ticket_id,
    t.ticket_number,
    t.title,
    n.template,
    n.channel,
    u.name as recipient,
    u.email as recipient_email,
    n.state,
    n.attempts,
    n.created_at,
    n.next_attempt_at,
    case when n.next_attempt_at < s.now then s.now - n.next_attempt_at end as overdue,
    n.last_error
from (select sla.now() as now) s
cross join sla.notifications n
join helpdesk.tickets t on t.tenant_id = n.tenant_id and t.ticket_id = n.ticket_id
left join helpdesk.users u on u.tenant_id = n.tenant_id and u.user_id = n.user_id
where n.state in ('pending', 'dead')
order by n.notification_id;
comment on view sla.notification_queue is
    'Notifications that have not reached anybody: those that wait, and those that were given up (state dead, see last_error). The oldest first.';
comment on column sla.notification_queue.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.notification_queue.notification_id is 'Number of the notification.';
comment on column sla.notification_queue.ticket_id is 'The ticket.';
comment on column sla.notification_queue.ticket_number is 'Its number.';
comment on column sla.notification_queue.title is 'What it is about.';
comment on column sla.notification_queue.template is 'Kind of message: warning, breach, escalation, response_met, resolution_met.';
comment on column sla.notification_queue.channel is 'How the recipient is told: email, webhook, …';
comment on column sla.notification_queue.recipient is 'Who is told; null: whom the channel itself names.';
comment on column sla.notification_queue.recipient_email is 'Address of the recipient; null: none is known.';
comment on column sla.notification_queue.state is 'pending, or dead (given up, see last_error).';
comment on column sla.notification_queue.attempts is 'How often it was tried, the attempt under way included.';
comment on column sla.notification_queue.created_at is 'When it was written (UTC instant).';
comment on column sla.notification_queue.next_attempt_at is 'Not before this instant (UTC) is it tried, or tried again if the listener that has it does not answer; null when dead.';
comment on column sla.notification_queue.overdue is 'How long it has been due without anybody trying it; more than a minute or so means that no listener serves its channel. Null: it is not due.';
comment on column sla.notification_queue.last_error is 'What the channel answered last, if not yes.';
