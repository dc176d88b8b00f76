create or replace function sla.working_intervals(p_schedule_id uuid, p_from timestamptz, p_until timestamptz)
returns table (opens_at timestamptz, closes_at timestamptz)
language plpgsql stable parallel unsafe security definer rows 260
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_from is null or p_until is null then
        return;
    end if;
    -- 285 years, and the years that the calendars know: the reasons for which business_time_between refuses
    perform sla.business_time_between(p_schedule_id, p_from, p_until);
    if p_schedule_id is null then
        return query select p_from, p_until where p_from < p_until;
        return;
    end if;
    return query
        select sla._from_us(i.opens), sla._from_us(i.closes)
        from sla._schedule_intervals(
            p_schedule_id, sla._to_us(p_from), sla._to_us(p_until), current_setting('slapg.tenant_id', true),
            pg_current_snapshot()::text, date_part('epoch', statement_timestamp())) i;
end
$$;
comment on function sla.working_intervals(uuid, timestamptz, timestamptz) is
    'Business time of the schedule in [from, until), one row an interval: clipped, disjoint, ascending; what touches is one. A null schedule is 24x7. Errors: SL001 unknown schedule, SL003 unreadable calendar, SL008 instant out of range. Source: semantics §1.';
