create or replace function sla.mark_notifications_read(p_user_id uuid, p_notification_ids bigint[] default null)
returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_read integer;
begin
    update sla.notifications n set read_at = sla.now()
    where n.tenant_id = helpdesk.current_tenant() and n.user_id = p_user_id
      and n.channel = 'in_app' and n.read_at is null
      and (p_notification_ids is null or n.notification_id = any (p_notification_ids));
    get diagnostics v_read = row_count;
    return v_read;
end
$$;
comment on function sla.mark_notifications_read(uuid, bigint[]) is
'Notes that a person has read in-app notifications of the current tenant: those of the given numbers, null meaning all. Returns how many were unread; calling it again changes nothing.';
