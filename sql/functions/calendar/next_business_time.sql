-- No SET and no definer, so that it inlines; the functions inside are the entry points.
create or replace function sla.next_business_time(p_schedule_id uuid, p_at timestamptz) returns timestamptz
language sql stable parallel unsafe security invoker
as $$
    select p_at + interval '1 microsecond' * case
        when p_schedule_id is null and isfinite(p_at) then 0
        else coalesce(
            nullif(
                sla._opening_offset(
                    p_schedule_id, sla._to_us(p_at),
                    current_setting('slapg.tenant_id', true), pg_current_snapshot()::text,
                date_part('epoch', statement_timestamp())),
                -1),
            sla._refuse_business_time(p_schedule_id, p_at, p_at, interval '0'))
    end
$$;
comment on function sla.next_business_time(uuid, timestamptz) is
    'The instant itself when it is business time of the schedule, else the next opening. A null schedule is 24x7. Errors: SL001 unknown schedule, SL002 ten years without business time, SL003 unreadable calendar, SL008 instant out of range. Source: semantics §1.';
