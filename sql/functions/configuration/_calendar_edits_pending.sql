create or replace function sla._calendar_edits_pending() returns boolean
language sql stable parallel safe security invoker
as $$
    -- Only a hint, so that no ticket write looks for rows that are hardly ever there.
    select coalesce(pg_catalog.current_setting('slapg.calendar_edited', true), '') <> ''
$$;
comment on function sla._calendar_edits_pending() is
'Whether this transaction edited a schedule whose new calendar is not published yet: a clock about to count in one calls sla._flush_calendar_edits first.';
