-- Before the row is stored, so that these words come before those of the table's check constraints.
create or replace function sla._validate_schedule_entry() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.start_time = new.end_time then
        raise exception 'entry % has equal ends', sla._entry_words(new)
            using errcode = 'SL004', hint = 'For a whole day write 00:00 to 24:00.';
    end if;
    if new.valid_from > new.valid_to
        or nullif(new.valid_from, '-infinity') not between date '0001-01-01' and date '9999-12-31'
        or nullif(new.valid_to, 'infinity') not between date '0001-01-01' and date '9999-12-31' then
        raise exception 'entry % is never valid, or beyond the year 9999: from % to %',
            sla._entry_words(new), new.valid_from, new.valid_to
            using errcode = 'SL006', hint = 'valid_from and valid_to are local dates, both inclusive; null means no limit.';
    end if;
    return new;
end
$$;
comment on function sla._validate_schedule_entry() is
    'Before row, on sla.schedule_entries: refuses equal ends (SL004) and a validity without a date (SL006).';
