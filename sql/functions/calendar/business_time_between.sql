-- No SET and no definer, so that it inlines; the functions inside are the entry points.
create or replace function sla.business_time_between(p_schedule_id uuid, p_from timestamptz, p_until timestamptz)
returns interval
language sql stable parallel unsafe security invoker
as $$
    select interval '1 microsecond' * coalesce(
        case
            when p_schedule_id is not null then sla._business_elapsed(
                p_schedule_id, sla._to_us(p_from), sla._to_us(p_until),
                current_setting('slapg.tenant_id', true), pg_current_snapshot()::text,
                date_part('epoch', statement_timestamp()))
            when isfinite(p_from) and isfinite(p_until) and p_until - p_from between interval '-104000 days' and interval '104000 days'
            then sla._to_us(p_until) - sla._to_us(p_from)
        end,
        sla._refuse_business_time(p_schedule_id, p_from, p_until, interval '0'))
$$;
comment on function sla.business_time_between(uuid, timestamptz, timestamptz) is
    'Business time of the schedule in [from, until), in hours, minutes and seconds; negative when until lies before from. A null schedule is 24x7. Exact to the microsecond. Errors: SL001 unknown schedule, SL003 unreadable calendar, SL008 instant or span out of range. Source: semantics §1.';
