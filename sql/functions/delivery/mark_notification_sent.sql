create or replace function sla.mark_notification_sent(p_tenant_id uuid, p_notification_id bigint) returns boolean
language sql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
    -- Even when it was dropped or claimed again meanwhile: the message is out, and the row says what is true.
    with marked as (
        update sla.notifications n
        set state = 'sent', sent_at = sla.now(), next_attempt_at = null, last_error = null
        where n.tenant_id = p_tenant_id and n.notification_id = p_notification_id and n.state <> 'sent'
        returning 1
    )
    select exists (select from marked)
$$;
comment on function sla.mark_notification_sent(uuid, bigint) is
'Records that the channel accepted a notification. False: it was recorded already, or its ticket was deleted meanwhile.';
