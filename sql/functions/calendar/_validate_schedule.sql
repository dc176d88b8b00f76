create or replace function sla._validate_schedule() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_known boolean := sla._time_zone_known(new.timezone);
begin
    if v_known then
        begin
            perform now() at time zone new.timezone;
        exception
            when invalid_parameter_value then
                v_known := false;
        end;
    end if;
    if not v_known then
        raise exception 'schedule "%" has an unknown time zone: "%"', new.name, new.timezone
            using errcode = 'SL003',
            hint = 'Use an IANA name such as Europe/Amsterdam, in that spelling: select name from pg_timezone_names.';
    end if;
    return new;
end
$$;
comment on function sla._validate_schedule() is
    'Before row, on sla.schedules: refuses a time zone that is no IANA name known to both PostgreSQL and Python (SL003).';
