-- Without a calendar every minute counts, so SQL answers alone and no PL/Python starts.
create or replace function sla._business_time_in(p_calendar_id bigint, p_runs tstzmultirange) returns interval
language sql stable parallel unsafe security invoker
as $$
    select sla._duration(case
        when count(*) = 0 then 0
        when p_calendar_id is null then sum(sla._to_us(upper(r.run)) - sla._to_us(lower(r.run)))::bigint
        else sla._business_elapsed_over(
            p_calendar_id,
            array_agg(sla._to_us(lower(r.run)) order by r.run),
            array_agg(sla._to_us(upper(r.run)) order by r.run))
    end)
    from unnest(p_runs) as r(run)
$$;
comment on function sla._business_time_in(bigint, tstzmultirange) is
    'Business time inside the runs, in hours, minutes and seconds; calendar null: 24x7, no runs: zero. Null when the calendar cannot be used. Source: semantics §2.';
