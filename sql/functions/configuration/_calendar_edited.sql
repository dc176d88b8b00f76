create or replace function sla._calendar_edited() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row jsonb := pg_catalog.to_jsonb(case when tg_op = 'DELETE' then old else new end);
    v_old jsonb := pg_catalog.to_jsonb(case when tg_op = 'UPDATE' then old end);
begin
    -- A holiday without a schedule closes all of them; an entry that moves edits both schedules.
    insert into sla.calendar_edits (tenant_id, schedule_id)
    select s.tenant_id, s.schedule_id
    from sla.schedules s
    where s.tenant_id = (v_row ->> 'tenant_id')::uuid
      and (v_row ->> 'schedule_id' is null or s.schedule_id = (v_row ->> 'schedule_id')::uuid
           or (tg_op = 'UPDATE' and (v_old ->> 'schedule_id' is null or s.schedule_id = (v_old ->> 'schedule_id')::uuid)))
    on conflict do nothing;
    perform pg_catalog.set_config('slapg.calendar_edited', 'yes', true);
    return null;
end
$$;
comment on function sla._calendar_edited() is
'Notes which schedules a statement edited; their calendars are made at commit, or sooner when a ticket of the same transaction needs one.';
