-- Before the row is stored, so that these words come before those of the table's check constraints.
create or replace function sla._validate_holiday() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if (new.start_time is null) <> (new.end_time is null) or new.end_time <= new.start_time then
        raise exception 'holiday "%" of % does not end after its start: % to %',
            new.name, new.holiday_date, coalesce(new.start_time::text, 'null'), coalesce(new.end_time::text, 'null')
            using errcode = 'SL006',
            hint = 'Give both times for a part of the day (until midnight is 24:00), or none for the whole day.';
    end if;
    if new.holiday_date not between date '0001-01-01' and date '9999-12-31' then
        raise exception 'holiday "%" has a date beyond the years 1 to 9999: %', new.name, new.holiday_date
            using errcode = 'SL006', hint = 'Give the local calendar date, with is_recurring for every year.';
    end if;
    return new;
end
$$;
comment on function sla._validate_holiday() is
    'Before row, on sla.holidays: refuses an end that does not come after its start, one time without the other, and dates beyond the years 1 to 9999 (SL006).';
