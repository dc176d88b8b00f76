create or replace function sla._amounts(p_target interval, p_percents smallint[]) returns bigint[]
language plpgsql immutable parallel safe security invoker
as $$
declare
    -- Targets are whole minutes, so a percent of one is a whole number of microseconds.
    v_one_percent bigint := extract(epoch from p_target) * 10000;
    v_amounts bigint[] := '{}'::bigint[];
    v_percent smallint;
begin
    foreach v_percent in array p_percents loop
        v_amounts := v_amounts || v_one_percent * v_percent;
    end loop;
    return v_amounts;
end
$$;
comment on function sla._amounts(interval, smallint[]) is 'Business time of each percent of a target, in microseconds.';
