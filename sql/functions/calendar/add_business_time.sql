-- No SET and no definer, so that it inlines; the functions inside are the entry points.
create or replace function sla.add_business_time(p_schedule_id uuid, p_start timestamptz, p_amount interval)
returns timestamptz
language sql stable parallel unsafe security invoker
as $$
    select p_start + case
        when p_schedule_id is null and isfinite(p_start) and sla._interval_us(p_amount) is not null then p_amount
        else coalesce(
            sla._business_offset(
                p_schedule_id, sla._to_us(p_start), sla._interval_us(p_amount),
                current_setting('slapg.tenant_id', true), pg_current_snapshot()::text,
                date_part('epoch', statement_timestamp())),
            sla._refuse_business_time(p_schedule_id, p_start, p_start, p_amount)) * interval '1 microsecond'
    end
$$;
comment on function sla.add_business_time(uuid, timestamptz, interval) is
    'The earliest instant by which the amount of business time of the schedule has passed since the start; a negative amount: the latest instant from which it passes until the start; 0: the start. Amounts have hours, minutes and seconds only. A null schedule is 24x7. Exact to the microsecond. Errors: SL001 unknown schedule, SL002 ten years without business time, SL003 unreadable calendar, SL008 instant out of range, SL009 amount with days or months. Source: semantics §1.';
