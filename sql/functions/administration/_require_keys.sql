create or replace function sla._require_keys(p_thing text, p_given jsonb, p_known text[], p_required text[] default '{}')
returns void
language plpgsql immutable parallel safe security invoker
as $$
declare
    v_key text;
begin
    if jsonb_typeof(p_given) is distinct from 'object' then
        raise exception 'a % is written as an object, not as %', p_thing, coalesce(p_given::text, 'null')
            using errcode = 'SL024', hint = format('Its keys are %s.', array_to_string(p_known, ', '));
    end if;
    select k.key into v_key from jsonb_object_keys(p_given) as k (key) where k.key <> all (p_known) order by 1 limit 1;
    if v_key is not null then
        raise exception 'a % has no "%"', p_thing, v_key
            using errcode = 'SL024', hint = format('Its keys are %s.', array_to_string(p_known, ', '));
    end if;
    select r.key into v_key from unnest(p_required) as r (key) where p_given ->> r.key is null limit 1;
    if v_key is not null then
        raise exception 'a % lacks its "%"', p_thing, v_key
            using errcode = 'SL024', hint = format('It needs %s.', array_to_string(p_required, ', '));
    end if;
end
$$;
comment on function sla._require_keys(text, jsonb, text[], text[]) is
'Raises SL024 when what is given is no JSON object, has a key that is not known, or lacks a required one.';
