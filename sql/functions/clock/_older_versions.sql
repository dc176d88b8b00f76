create or replace function sla._older_versions(p_tenant_id uuid, p_calendar_id bigint) returns bigint[]
language plpgsql stable parallel safe security invoker
as $$
begin
    return array(
        select o.calendar_id
        from sla.calendars n
        join sla.calendars o on o.tenant_id = n.tenant_id and o.schedule_id = n.schedule_id
            and o.calendar_id <> n.calendar_id
        where n.tenant_id = p_tenant_id and n.calendar_id = p_calendar_id);
end
$$;
comment on function sla._older_versions(uuid, bigint) is
'The calendars that a calendar is a newer version of; none for null.';
