create or replace function sla._refuse_retirement(p_thing text, p_name text, p_users text) returns void
language plpgsql immutable parallel safe security invoker
as $$
begin
    if p_users is not null then
        raise exception '% "%" is in use: %', p_thing, p_name, p_users
            using errcode = 'SL019', hint = 'Give its users another one first; then deleting retires it.';
    end if;
end
$$;
comment on function sla._refuse_retirement(text, text, text) is
'Raises SL019 when something that is to be deleted still has users (semantics §4).';
