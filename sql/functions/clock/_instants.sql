-- PL/pgSQL because it keeps its plan: SQL functions with a subquery are not inlined, and are planned at every call.
create or replace function sla._instants(p_us bigint[]) returns timestamptz[]
language plpgsql stable parallel safe security invoker
as $$
declare
    v_instants timestamptz[] := '{}'::timestamptz[];
    v_us bigint;
begin
    if p_us is null then
        return null;
    end if;
    foreach v_us in array p_us loop
        if v_us is null then
            return null;
        end if;
        v_instants := v_instants || sla._from_us(v_us);
    end loop;
    return v_instants;
end
$$;
comment on function sla._instants(bigint[]) is
'Microseconds since 1970 UTC as instants; null when any of them is (a calendar that cannot be counted in).';
