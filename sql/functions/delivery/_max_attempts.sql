create or replace function sla._max_attempts() returns smallint
language sql immutable parallel safe security invoker
as $$
    select 3::smallint
$$;
comment on function sla._max_attempts() is
'How often a notification is tried before it is given up as dead, where sla.channels does not say.';
