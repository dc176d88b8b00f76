create or replace function sla._pause_rule_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if tg_op <> 'INSERT' then
        perform sla._status_rule_changed(old.tenant_id, old.status_id);
    end if;
    if tg_op <> 'DELETE' then
        perform sla._status_rule_changed(new.tenant_id, new.status_id);
    end if;
    return null;
end
$$;
comment on function sla._pause_rule_changed() is
'After whether a status pauses or closes was changed: acts on the open tickets in it (semantics §2).';
