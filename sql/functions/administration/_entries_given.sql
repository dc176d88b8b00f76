create or replace function sla._entries_given(p_entries jsonb)
returns table (
    day_of_week smallint, start_time time, end_time time, is_enabled boolean, valid_from date, valid_to date)
language plpgsql stable parallel safe security invoker
as $$
declare
    v_entry jsonb;
begin
    if jsonb_typeof(p_entries) is distinct from 'array' then
        raise exception 'the entries of a schedule are an array, not %', coalesce(p_entries::text, 'null')
            using errcode = 'SL024',
                  hint = 'Such as [{"day_of_week": [1, 2, 3, 4, 5], "start_time": "09:00", "end_time": "17:00"}].';
    end if;
    for v_entry in select e.entry from jsonb_array_elements(p_entries) as e (entry) loop
        perform sla._require_keys(
            'schedule entry', v_entry, '{day_of_week,start_time,end_time,is_enabled,valid_from,valid_to}',
            '{day_of_week,start_time,end_time}');
        if exists (
            select from jsonb_path_query(v_entry, '$.day_of_week[*]') as d (day) where d.day::text !~ '^[0-6]$'
        ) then
            raise exception 'a schedule entry has no such days: %', v_entry ->> 'day_of_week'
                using errcode = 'SL024', hint = 'Days go from 0 (Sunday) to 6 (Saturday): one, or an array of them.';
        end if;
        return query
            select d.day::text::smallint, (v_entry ->> 'start_time')::time, (v_entry ->> 'end_time')::time,
                   coalesce((v_entry ->> 'is_enabled')::boolean, true),
                   (v_entry ->> 'valid_from')::date, (v_entry ->> 'valid_to')::date
            from jsonb_path_query(v_entry, '$.day_of_week[*]') as d (day);
    end loop;
end
$$;
comment on function sla._entries_given(jsonb) is
'Weekly entries written as JSON: an array of objects with the columns of sla.schedule_entries, day_of_week being one number or an array of them. Errors: SL024.';
