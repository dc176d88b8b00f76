create or replace function sla._tickets_truncated() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    truncate sla.clocks, sla.threshold_events, sla.notifications;
    return null;
end
$$;
comment on function sla._tickets_truncated() is
'After all tickets were truncated: so are their clocks, threshold events and notifications.';
