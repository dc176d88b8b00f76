-- The peer of sla.add_business_time: what most service desks have, a loop over the days in PL/pgSQL.
-- Same hours and holidays as desk.sql, and none of the rest (one entry a day, no half-days, no seasons).
create schema if not exists bench;
create or replace function bench.add_business_time(p_start timestamptz, p_amount interval) returns timestamptz
language plpgsql stable parallel safe
as $$
declare
    v_zone constant text := 'America/New_York';
    v_day date := (p_start at time zone v_zone)::date;
    v_left interval := p_amount;
    v_opens timestamptz;
    v_closes timestamptz;
begin
    loop
        if extract(isodow from v_day) < 6 and not exists (
            select from sla.holidays h
            where to_char(h.holiday_date, 'MMDD') = to_char(v_day, 'MMDD')
        ) then
            v_opens := greatest(p_start, (v_day + time '09:00') at time zone v_zone);
            v_closes := (v_day + time '17:00') at time zone v_zone;
            if v_closes - v_opens >= v_left then
                return v_opens + v_left;
            end if;
            v_left := v_left - greatest(v_closes - v_opens, interval '0');
        end if;
        v_day := v_day + 1;
    end loop;
end
$$;
