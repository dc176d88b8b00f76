create or replace function sla.update_schedule(p_schedule_id uuid, p_changes jsonb) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_schedule sla.schedules := sla._known_schedule(p_schedule_id);
begin
    perform sla._require_keys('schedule', p_changes, '{name,timezone,is_24x7,entries}');
    v_schedule := jsonb_populate_record(v_schedule, p_changes - 'entries');
    update sla.schedules s
    set name = v_schedule.name, timezone = v_schedule.timezone, is_24x7 = v_schedule.is_24x7
    where s.tenant_id = v_tenant_id and s.schedule_id = p_schedule_id
      and (s.name, s.timezone, s.is_24x7)
          is distinct from (v_schedule.name, v_schedule.timezone, v_schedule.is_24x7);
    if p_changes ? 'entries' then
        perform sla._replace_entries(v_tenant_id, p_schedule_id, p_changes -> 'entries');
    end if;
end
$$;
comment on function sla.update_schedule(uuid, jsonb) is
'Changes what p_changes names of a schedule: name, timezone, is_24x7, entries (all of them, as in sla.create_schedule). At commit the open clocks that count in it are counted anew. Errors: SL001 unknown schedule, SL003-SL006 what cannot be, SL007 open clocks would be left without any opening, SL024 not understood. Source: semantics §1, §4.';
