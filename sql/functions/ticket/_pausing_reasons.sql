-- PL/pgSQL because it keeps its plan: SQL functions with a subquery are not inlined, and are planned at every call.
create or replace function sla._pausing_reasons(p_tenant_id uuid, p_status_id uuid, p_response_state text)
returns text[]
language plpgsql stable parallel safe security invoker
as $$
declare
    v_reasons text[] := '{}'::text[];
begin
    if (select c.pauses_sla from sla.status_pause_config c
        where c.tenant_id = p_tenant_id and c.status_id = p_status_id) then
        v_reasons := '{status}';
    end if;
    if p_response_state = 'awaiting_client' then  -- on its own, so that most tickets start no query for it
        if coalesce((select g.pause_on_awaiting_client from sla.settings g where g.tenant_id = p_tenant_id), true) then
            v_reasons := v_reasons || '{awaiting_client}'::text[];
        end if;
    end if;
    return v_reasons;
end
$$;
comment on function sla._pausing_reasons(uuid, uuid, text) is
'Why a ticket in this status and response state is paused: status, awaiting_client, both or neither (semantics §2, Pause).';
