create or replace function sla._calendar_edits_published() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    perform sla._publish_calendar(new.tenant_id, new.schedule_id);
    return null;
end
$$;
comment on function sla._calendar_edits_published() is
'At commit: one new calendar for each schedule that the transaction edited (semantics §1).';
