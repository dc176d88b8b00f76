-- Before the row is stored, so that these words come before those of the table's check constraints.
create or replace function sla._validate_settings() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wrong text := case
        when new.reopen_mode not in ('continue', 'restart', 'ignore') then
            format('reopen_mode "%s": it is continue, restart or ignore', new.reopen_mode)
        when new.at_risk_percent not between 1 and 100 then
            format('at_risk_percent %s: it lies between 1 and 100', new.at_risk_percent)
        when new.import_after < interval '0' then
            format('import_after %s: it cannot be negative', new.import_after)
        when new.digest_after < 1 then
            format('digest_after %s: it is 1 or more, or null for no digests', new.digest_after)
        when not sla._is_locale(new.locale) then
            format('locale "%s": it is written like de or pt_BR', new.locale)
    end;
begin
    begin
        if not sla._time_zone_known(new.timezone) or now() at time zone new.timezone is null then
            raise invalid_parameter_value;
        end if;
    exception
        when invalid_parameter_value then
            v_wrong := format('timezone "%s": it is an IANA name such as Europe/Amsterdam', new.timezone);
    end;
    if v_wrong is not null then
        raise exception 'setting %', v_wrong
            using errcode = 'SL027', hint = 'The comments of the columns of sla.settings say what each may be.';
    end if;
    return new;
end
$$;
comment on function sla._validate_settings() is
'Before row, on sla.settings: refuses values that cannot be, a time zone unknown to PostgreSQL or Python among them (SL027).';
