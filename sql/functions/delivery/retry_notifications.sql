create or replace function sla.retry_notifications(
    p_notification_ids bigint[] default null, p_channel text default null
)
returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_retried integer;
begin
    update sla.notifications n
    set state = 'pending', attempts = 0, next_attempt_at = sla.now(), claimed_at = null, claimed_alone = null,
        digest_id = null
    where n.state = 'dead' and n.tenant_id = helpdesk.current_tenant()
      and (p_notification_ids is null or n.notification_id = any (p_notification_ids))
      and (p_channel is null or n.channel = p_channel);
    get diagnostics v_retried = row_count;
    if v_retried > 0 then
        perform pg_notify('slapg', '');
    end if;
    return v_retried;
end
$$;
comment on function sla.retry_notifications(bigint[], text) is
'Puts notifications of the current tenant that were given up (state dead) back in the queue, due now, with all their attempts before them: those of the given numbers and channel, null meaning all. Returns how many. Their last error stays until the next answer; those of a digest go out by themselves.';
