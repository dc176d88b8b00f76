create or replace function sla._runs(
    p_tenant_id uuid, p_ticket_id uuid, p_from timestamptz, p_until timestamptz,
    out run_starts bigint[], out run_ends bigint[]
)
language sql stable parallel safe security invoker
as $$
    with run as (
        select lower(r.span) as starts_at, nullif(upper(r.span), 'infinity') as ends_at
        from unnest(tstzmultirange(tstzrange(p_from, null)) - coalesce((
            select range_agg(tstzrange(p.paused_at, case when p_until is null then p.resumed_at
                                                         else least(p.resumed_at, p_until) end))
            from sla.pauses p
            where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id
              and (p_until is null or p.paused_at < p_until)
        ), '{}'::tstzmultirange)) as r (span)
    )
    select coalesce(array_agg(sla._to_us(run.starts_at) order by run.starts_at), array[sla._to_us(p_from)]),
           -- The last run goes on for ever: a pause still open is taken not to have begun (docs/decisions 8).
           coalesce((array_agg(sla._to_us(run.ends_at) order by run.starts_at))[1:count(*)::integer - 1], '{}') || null::bigint
    from run
$$;
comment on function sla._runs(uuid, uuid, timestamptz, timestamptz) is
'The spans (microseconds since 1970 UTC) in which a ticket''s clock from p_from on is not paused, the last one endless. With p_until, pauses end there at the latest.';
