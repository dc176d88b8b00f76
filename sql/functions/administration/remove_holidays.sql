create or replace function sla.remove_holidays(p_schedule_id uuid, p_dates date[]) returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_removed integer;
begin
    if p_schedule_id is not null then
        perform sla._known_schedule(p_schedule_id);
    end if;
    delete from sla.holidays h
    where h.tenant_id = v_tenant_id and h.schedule_id is not distinct from p_schedule_id
      and h.holiday_date = any (p_dates);
    get diagnostics v_removed = row_count;
    return v_removed;
end
$$;
comment on function sla.remove_holidays(uuid, date[]) is
'Removes the holidays of a schedule (null: those of every schedule) that stand under these dates, and returns how many there were. At commit the open clocks are counted anew. Errors: SL001 unknown schedule. Source: semantics §1.';
