-- PL/Python puts the exception's class before its message; so the fast functions return null and this one says why.
create or replace function sla._refuse_business_time(
    p_schedule_id uuid, p_from timestamptz, p_until timestamptz, p_amount interval)
returns bigint
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_name text;
    v_problem text;
    v_hint text := 'Give it entries in sla.schedule_entries that are enabled, valid and not all closed by holidays.';
begin
    if p_from is null or p_until is null or p_amount is null then
        return null;
    end if;
    if not isfinite(p_from) or not isfinite(p_until)
        or p_from < timestamptz '0003-01-01 00:00:00+00' or p_until < timestamptz '0003-01-01 00:00:00+00'
        or p_from >= timestamptz '9998-01-01 00:00:00+00' or p_until >= timestamptz '9998-01-01 00:00:00+00' then
        raise exception 'business time is known from the year 3 to 9997, not from % to %', p_from, p_until
            using errcode = 'SL008', hint = 'Pass finite instants, or null for "not known".';
    end if;
    if sla._interval_us(p_amount) is null then
        raise exception 'an amount of business time has hours, minutes and seconds only, not %', p_amount
            using errcode = 'SL009',
            hint = 'Write the hours: a working day may be interval ''8 hours'', 24 hours around the clock interval ''24 hours''.';
    end if;
    if p_schedule_id is not null then
        select s.name into v_name from sla.schedules s
        where s.tenant_id = helpdesk.current_tenant() and s.schedule_id = p_schedule_id;
        if not found then
            raise exception 'schedule % does not exist', p_schedule_id
                using errcode = 'SL001', hint = 'Look in sla.schedules of this tenant; null means 24x7.';
        end if;
        v_problem := sla._schedule_problem(p_schedule_id);
        if v_problem is not null then
            raise exception 'schedule "%" cannot be read: %', v_name, v_problem
                using errcode = 'SL003', hint = 'Mend its time zone, entries or holidays; `slapg doctor` compares the time zones.';
        end if;
    end if;
    if p_from <> p_until then
        raise exception 'business time is counted over at most 285 years, not from % to %', p_from, p_until
            using errcode = 'SL008', hint = 'Ask for shorter spans and add them up.';
    end if;
    if p_amount = interval '0' then
        raise exception 'schedule "%" has no business time in the ten years after %', v_name, p_from
            using errcode = 'SL002', hint = v_hint;
    end if;
    raise exception 'schedule "%" never reaches % of business time from %', v_name, p_amount, p_from
        using errcode = 'SL002', hint = v_hint,
        detail = 'Ten years pass without business time, or it lies more than 285 years away.';
end
$$;
comment on function sla._refuse_business_time(uuid, timestamptz, timestamptz, interval) is
    'Says why the business time of a schedule cannot be counted: null for a null argument, else an error: SL001 unknown schedule, SL002 no business time in ten years, or too little of it, SL003 unreadable calendar, SL008 an instant or a span out of range, SL009 an amount with days or months (semantics §1).';
