create or replace function sla._digest_size() returns integer
language sql immutable parallel safe security invoker
as $$
    select 500
$$;
comment on function sla._digest_size() is
'How many notifications a digest may carry: what a person may still read, and a claim may hold.';
