create or replace function sla._project(
    p_tenant_id uuid, p_ticket_id uuid, p_calendar_id bigint, p_started_at timestamptz, p_amounts bigint[],
    p_until timestamptz default null
) returns timestamptz[]
language plpgsql stable parallel safe security invoker
as $$
declare
    v_runs record;
begin
    -- Most tickets never pause, and working out their runs would cost as much as counting.
    if not exists (
        select from sla.pauses p where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id
    ) then
        return sla._crossings(p_calendar_id, p_started_at, p_amounts);
    end if;
    v_runs := sla._runs(p_tenant_id, p_ticket_id, p_started_at, p_until);
    return sla._instants(
        sla._business_instants_over(p_calendar_id, v_runs.run_starts, v_runs.run_ends, p_amounts));
end
$$;
comment on function sla._project(uuid, uuid, bigint, timestamptz, bigint[], timestamptz) is
'When a ticket''s clock reaches each amount of business time (microseconds), given its pauses (semantics §2); null when its calendar has none in ten years.';
