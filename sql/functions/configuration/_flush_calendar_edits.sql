create or replace function sla._flush_calendar_edits() returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    -- The rows, visible to their own transaction alone, are the truth.
    perform sla._publish_calendar(e.tenant_id, e.schedule_id) from sla.calendar_edits e;
    perform pg_catalog.set_config('slapg.calendar_edited', '', true);
end
$$;
comment on function sla._flush_calendar_edits() is
'Makes the calendars of schedules that this transaction edited now, because a clock is about to count in one.';
