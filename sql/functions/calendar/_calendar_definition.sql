create or replace function sla._calendar_definition(p_tenant_id uuid, p_schedule_id uuid) returns jsonb
language sql stable parallel safe security invoker
as $$
    select case
        when s.is_24x7 then jsonb_build_object('is_24x7', true, 'timezone', s.timezone)
        else jsonb_build_object(
            'is_24x7', false,
            'timezone', s.timezone,
            'entries', coalesce((
                select jsonb_agg(to_jsonb(e) order by e.day_of_week, e.start_time, e.end_time, e.valid_from, e.valid_to)
                from (
                    select distinct n.day_of_week, n.start_time, n.end_time,
                        nullif(n.valid_from, '-infinity') as valid_from,
                        nullif(n.valid_to, 'infinity') as valid_to
                    from sla.schedule_entries n
                    where n.tenant_id = p_tenant_id and n.schedule_id = p_schedule_id and n.is_enabled
                ) e), '[]'::jsonb),
            'holidays', coalesce((
                select jsonb_agg(to_jsonb(h) order by h.holiday_date, h.is_recurring, h.start_time, h.end_time)
                from (
                    select distinct d.holiday_date, d.is_recurring, d.start_time, d.end_time
                    from sla.holidays d
                    where d.tenant_id = p_tenant_id
                        and (d.schedule_id = p_schedule_id or d.schedule_id is null)
                ) h), '[]'::jsonb))
    end
    from sla.schedules s
    where s.tenant_id = p_tenant_id and s.schedule_id = p_schedule_id
$$;
comment on function sla._calendar_definition(uuid, uuid) is
    'What decides the business time of a schedule as it stands, sorted and without names, so that equal calendars have equal JSON; null for an unknown schedule.';
