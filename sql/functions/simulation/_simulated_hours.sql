create or replace function sla._simulated_hours(p_hours jsonb) returns jsonb
language plpgsql stable parallel safe security invoker
as $$
declare
    v_hours jsonb;
begin
    select jsonb_agg(jsonb_build_object(
        'day_of_week', h.day_of_week, 'start_time', h.start_time, 'end_time', h.end_time,
        'valid_from', null, 'valid_to', null))
    into v_hours
    from jsonb_to_recordset(p_hours) as h (day_of_week smallint, start_time time, end_time time)
    where h.day_of_week between 0 and 6 and h.start_time <> h.end_time;
    if coalesce(jsonb_array_length(v_hours), 0) <> jsonb_array_length(p_hours) then
        raise invalid_parameter_value;
    end if;
    return v_hours;
exception
    when data_exception then
        raise exception 'opening hours are not understood: %', p_hours
            using errcode = 'SL050',
            hint = 'Write them like [{"day_of_week": 6, "start_time": "09:00", "end_time": "13:00"}]; 0 is Sunday.';
end
$$;
comment on function sla._simulated_hours(jsonb) is
    'What-if opening hours as a calendar''s definition has entries. Errors: SL050 when they are not understood.';
