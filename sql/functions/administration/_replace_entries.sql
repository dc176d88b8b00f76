create or replace function sla._replace_entries(p_tenant_id uuid, p_schedule_id uuid, p_entries jsonb) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    -- What stays is not written, so that the history shows what changed.
    delete from sla.schedule_entries e
    where e.tenant_id = p_tenant_id and e.schedule_id = p_schedule_id and not exists (
        select from sla._entries_given(p_entries) g
        where (g.day_of_week, g.start_time, g.end_time, g.is_enabled, g.valid_from, g.valid_to)
            is not distinct from
            (e.day_of_week, e.start_time, e.end_time, e.is_enabled, e.valid_from, e.valid_to));
    insert into sla.schedule_entries (
        tenant_id, schedule_id, day_of_week, start_time, end_time, is_enabled, valid_from, valid_to)
    select p_tenant_id, p_schedule_id, g.* from sla._entries_given(p_entries) g
    where not exists (
        select from sla.schedule_entries e
        where e.tenant_id = p_tenant_id and e.schedule_id = p_schedule_id
          and (g.day_of_week, g.start_time, g.end_time, g.is_enabled, g.valid_from, g.valid_to)
            is not distinct from
            (e.day_of_week, e.start_time, e.end_time, e.is_enabled, e.valid_from, e.valid_to));
end
$$;
comment on function sla._replace_entries(uuid, uuid, jsonb) is
'Makes the weekly entries of a schedule exactly those given. Errors: SL024 not understood, SL004-SL006 entries that cannot be.';
