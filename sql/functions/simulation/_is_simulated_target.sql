create or replace function sla._is_simulated_target(p_target jsonb) returns boolean
language plpgsql immutable parallel safe security invoker
as $$
begin
    return jsonb_typeof(p_target) = 'object' and not exists (
        select from jsonb_each(case when jsonb_typeof(p_target) = 'object' then p_target end) as v (key, value)
        where not (
            v.key in ('response_minutes', 'resolution_minutes') and v.value::text ~ '^(null|[1-9][0-9]{0,8})$'
            or v.key = 'is_24x7' and jsonb_typeof(v.value) = 'boolean'));
end
$$;
comment on function sla._is_simulated_target(jsonb) is
    'Whether a what-if target has nothing but whole minutes (null: no promise) and is_24x7.';
