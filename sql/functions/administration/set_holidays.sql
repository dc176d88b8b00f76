create or replace function sla.set_holidays(p_schedule_id uuid, p_holidays jsonb) returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_given jsonb;
    v_holiday sla.holidays;
    v_written integer := 0;
begin
    if p_schedule_id is not null then
        perform sla._known_schedule(p_schedule_id);
    end if;
    if jsonb_typeof(p_holidays) is distinct from 'array' then
        raise exception 'holidays are an array, not %', coalesce(p_holidays::text, 'null')
            using errcode = 'SL024', hint = 'Such as [{"holiday_date": "2026-12-25", "name": "Christmas"}].';
    end if;
    for v_given in select e.holiday from jsonb_array_elements(p_holidays) as e (holiday) loop
        perform sla._require_keys(
            'holiday', v_given, '{holiday_date,name,is_recurring,start_time,end_time}', '{holiday_date,name}');
        v_holiday := jsonb_populate_record(null::sla.holidays, v_given);
        v_holiday.is_recurring := coalesce(v_holiday.is_recurring, false);
        if exists (
            select from sla.holidays h
            where h.tenant_id = v_tenant_id
              and (h.schedule_id, h.holiday_date, h.start_time)
                  is not distinct from (p_schedule_id, v_holiday.holiday_date, v_holiday.start_time)
        ) then
            update sla.holidays h
            set name = v_holiday.name, is_recurring = v_holiday.is_recurring, end_time = v_holiday.end_time
            where h.tenant_id = v_tenant_id
              and (h.schedule_id, h.holiday_date, h.start_time)
                  is not distinct from (p_schedule_id, v_holiday.holiday_date, v_holiday.start_time)
              and (h.name, h.is_recurring, h.end_time)
                  is distinct from (v_holiday.name, v_holiday.is_recurring, v_holiday.end_time);
        else
            insert into sla.holidays (
                tenant_id, schedule_id, name, holiday_date, is_recurring, start_time, end_time)
            values (v_tenant_id, p_schedule_id, v_holiday.name, v_holiday.holiday_date, v_holiday.is_recurring,
                    v_holiday.start_time, v_holiday.end_time);
        end if;
        v_written := v_written + found::integer;
    end loop;
    return v_written;
end
$$;
comment on function sla.set_holidays(uuid, jsonb) is
'Adds holidays to a schedule (null: to every schedule), or updates the one that begins on the same date and at the same time: objects with holiday_date, name and, if wanted, is_recurring, start_time, end_time (local). Returns how many were new or changed. At commit the open clocks are counted anew. Errors: SL001 unknown schedule, SL006 what cannot be, SL024 not understood. Source: semantics §1.';
