create or replace function sla._refuse_same(p_thing text, p_id uuid, p_reassign_to uuid) returns void
language plpgsql immutable parallel safe security invoker
as $$
begin
    if p_id = p_reassign_to then
        raise exception 'what uses % % cannot be reassigned to itself', p_thing, p_id
            using errcode = 'SL026', hint = format('Give another %s as p_reassign_to.', p_thing);
    end if;
end
$$;
comment on function sla._refuse_same(text, uuid, uuid) is
'Raises SL026 when the users of what is to be deleted are given to that very thing.';
