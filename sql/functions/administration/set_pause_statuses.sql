create or replace function sla.set_pause_statuses(p_status_ids uuid[]) returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_ceased integer;
    v_begun integer;
begin
    perform sla._require_known('status', s.status_id) from unnest(p_status_ids) as s (status_id);
    delete from sla.status_pause_config c
    where c.tenant_id = v_tenant_id and c.pauses_sla and c.status_id <> all (coalesce(p_status_ids, '{}'));
    get diagnostics v_ceased = row_count;
    insert into sla.status_pause_config as c (tenant_id, status_id)
    select distinct v_tenant_id, s.status_id from unnest(p_status_ids) as s (status_id)
    on conflict (tenant_id, status_id) do update set pauses_sla = true where not c.pauses_sla;
    get diagnostics v_begun = row_count;
    return v_ceased + v_begun;
end
$$;
comment on function sla.set_pause_statuses(uuid[]) is
'Exactly these statuses pause the clocks of tickets in them; the open tickets concerned are paused or resumed now. Returns for how many statuses the rule changed. Errors: SL023 unknown status. Source: semantics §2, Pause.';
