create or replace function sla._passes_on(p_sqlstate text) returns boolean
language sql immutable parallel safe security invoker
as $$
    select p_sqlstate in ('40001', '40P01', '55P03', 'SL030', 'SL031', 'SL032', 'SL033')
$$;
comment on function sla._passes_on(text) is
'Whether a trigger passes an error on to the application instead of storing the write without clocks: what a retry mends (40001, 40P01, 55P03), and settings that this role may not use or that mean nothing (SL030 to SL033). Source: semantics §2, A ticket write never fails because of SLA.';
