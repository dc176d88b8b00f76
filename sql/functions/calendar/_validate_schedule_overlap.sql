-- After row: then all rows of a statement are stored, and the tenant's configuration gate keeps other writers out.
create or replace function sla._validate_schedule_overlap() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_other sla.schedule_entries;
    v_schedule text;
begin
    -- Another entry may begin on the day before, on the same day or on the day after; its validity is about that day.
    select o.* into v_other
    from sla.schedule_entries o
    cross join generate_series(-1, 1) as d (days)
    cross join lateral (
        select greatest(new.valid_from, o.valid_from - d.days) as first_day,
            least(new.valid_to, o.valid_to - d.days) as last_day
    ) both_valid
    where o.tenant_id = new.tenant_id and o.schedule_id = new.schedule_id and o.entry_id <> new.entry_id
        and o.is_enabled and new.is_enabled
        and (new.day_of_week + d.days - o.day_of_week) % 7 = 0
        and sla._entry_span(new) && sla._entry_span(o, d.days)
        -- the first date from first_day on that is the entry's day of the week
        and coalesce(first_day + (new.day_of_week - extract(dow from first_day)::integer + 7) % 7 <= last_day, true)
    order by o.day_of_week, o.start_time
    limit 1;
    if found then
        select s.name into v_schedule from sla.schedules s
        where s.tenant_id = new.tenant_id and s.schedule_id = new.schedule_id;
        raise exception 'entries of schedule "%" overlap: % and %', v_schedule, sla._entry_words(v_other), sla._entry_words(new)
            using errcode = 'SL005', hint = 'Entries may touch but not overlap; an end before its start lies on the next day.';
    end if;
    return null;
end
$$;
comment on function sla._validate_schedule_overlap() is
    'After row, on sla.schedule_entries: refuses an enabled entry that shares local time with another of its schedule on any week in which both are valid, the nights and Saturday to Sunday included (SL005).';
