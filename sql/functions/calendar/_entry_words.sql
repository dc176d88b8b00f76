create or replace function sla._entry_words(p_entry sla.schedule_entries) returns text
language sql stable parallel safe security invoker
as $$
    select (array['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])[p_entry.day_of_week + 1]
        || ' ' || regexp_replace(p_entry.start_time::text, ':00$', '') || '-' || regexp_replace(p_entry.end_time::text, ':00$', '')
        || coalesce(' from ' || to_char(p_entry.valid_from, 'YYYY-MM-DD'), '')
        || coalesce(' until ' || to_char(p_entry.valid_to, 'YYYY-MM-DD'), '')
$$;
comment on function sla._entry_words(sla.schedule_entries) is
    'An entry as people say it, for messages: Monday 09:00-17:00.';
