create or replace function sla._due_date_edited() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    if coalesce(current_setting('slapg.keeping_due_date', true), '') <> '' then
        return null;  -- slapg's own hand
    end if;
    perform sla._lock_clocks(new.tenant_id, array[new.ticket_id]);
    if new.due_date is null then
        perform sla._fill_due_date(new.tenant_id, new.ticket_id);
    else
        update sla.clocks c set keeps_due_date = false
        where c.tenant_id = new.tenant_id and c.ticket_id = new.ticket_id and c.keeps_due_date;
    end if;
    return null;
end
$$;
comment on function sla._due_date_edited() is
'After somebody set due_date: a value is theirs and never touched again, null asks slapg to fill it in (semantics §4).';
