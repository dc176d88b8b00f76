create or replace function sla._tickets_filled() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
    if sla._calendar_edits_pending() then
        perform sla._flush_calendar_edits();
    end if;
    if isfinite(new.entered_at) then
        new.due_date := (
            select (sla._crossings(
                t.calendar_id, new.entered_at, array[t.amounts[array_position(t.percents, 100::smallint)]]))[1]
            from sla._applicable_policy(new.tenant_id, new.sla_policy_id, new.client_id, new.board_id) a
            join sla.terms t
                on t.tenant_id = new.tenant_id and t.policy_id = a.policy_id and t.priority_id = new.priority_id
            where t.metric = 'resolution');
    end if;
    return new;
exception
    when others then
        if sla._passes_on(sqlstate) then
            raise;
        end if;
        return new;  -- what cannot be tracked is stored without a due date; the statement trigger says why
end
$$;
comment on function sla._tickets_filled() is
'Before a ticket without due_date is inserted: fills in its resolution due time (semantics §4, due_date).';
