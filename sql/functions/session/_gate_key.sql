create or replace function sla._gate_key(p_tenant_id uuid) returns bigint
language sql immutable parallel safe security invoker
as $$
    select pg_catalog.uuid_hash_extended(p_tenant_id, 7375676174650001)
$$;
comment on function sla._gate_key(uuid) is
'Key of the advisory lock between a tenant''s ticket writes (shared) and its configuration changes (exclusive).';
