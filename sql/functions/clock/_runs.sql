create or replace function sla._runs(
    p_tenant_id uuid, p_ticket_id uuid, p_from timestamptz, p_until timestamptz,
    out run_starts bigint[], out run_ends bigint[]
)
language plpgsql stable parallel safe security invoker
as $$
declare
    v_paused tstzmultirange;
begin
    select range_agg(tstzrange(p.paused_at, case when p_until is null then p.resumed_at
                                                 else least(p.resumed_at, p_until) end))
    into v_paused
    from sla.pauses p
    where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id and (p_until is null or p.paused_at < p_until);
    if v_paused is null then
        run_starts := array[sla._to_us(p_from)];
        run_ends := array[null::bigint];
        return;
    end if;
    select array_agg(sla._to_us(lower(r.span)) order by r.span), array_agg(sla._to_us(upper(r.span)) order by r.span)
    into run_starts, run_ends
    from unnest(tstzmultirange(tstzrange(p_from, null)) - v_paused) as r (span);
    -- The last run goes on for ever: a pause still open is taken not to have begun (docs/decisions 8).
    run_starts := coalesce(run_starts, array[sla._to_us(p_from)]);
    run_ends := coalesce(run_ends[1:cardinality(run_ends) - 1], '{}') || null::bigint;
end
$$;
comment on function sla._runs(uuid, uuid, timestamptz, timestamptz) is
'The spans (microseconds since 1970 UTC) in which a ticket''s clock from p_from on is not paused, the last one endless. With p_until, pauses end there at the latest.';
