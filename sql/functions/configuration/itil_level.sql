create or replace function sla.itil_level(p_impact integer, p_urgency integer) returns smallint
language plpgsql immutable parallel safe security invoker
as $$
begin
    if p_impact not between 1 and 5 or p_urgency not between 1 and 5 then
        raise exception using
            errcode = 'SL013',
            message = format('impact %s and urgency %s lead to no ITIL level', p_impact, p_urgency),
            hint = 'both go from 1 (high) to 5 (low)';
    end if;
    return ceil((p_impact + p_urgency) / 2.0);
end
$$;
comment on function sla.itil_level(integer, integer) is
    'ITIL level, 1 (Critical) to 5 (Planning), of a ticket with this impact and urgency (1 = high to 5 = low): half their sum, rounded up; null when one is null. Out of range: SQLSTATE SL013. Source: semantics §6.';
