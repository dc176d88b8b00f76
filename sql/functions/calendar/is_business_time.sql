-- No SET and no definer, so that it inlines; the functions inside are the entry points.
create or replace function sla.is_business_time(p_schedule_id uuid, p_at timestamptz) returns boolean
language sql stable parallel unsafe security invoker
as $$
    select case
        when p_schedule_id is null and isfinite(p_at) then true
        else 0 = coalesce(
            sla._opening_offset(
                p_schedule_id, sla._to_us(p_at),
                current_setting('slapg.tenant_id', true), pg_current_snapshot()::text,
                date_part('epoch', statement_timestamp())),
            sla._refuse_business_time(p_schedule_id, p_at, p_at, interval '0'))
    end
$$;
comment on function sla.is_business_time(uuid, timestamptz) is
    'Whether the instant is business time of the schedule: openings count, closings do not. A null schedule is 24x7. Errors: SL001 unknown schedule, SL003 unreadable calendar, SL008 instant out of range. Source: semantics §1.';
