create or replace function sla._instant_words(p_tenant_id uuid, p_at timestamptz) returns text
language sql stable parallel safe security invoker
as $$
    select to_char(p_at at time zone g.timezone, 'YYYY-MM-DD HH24:MI')
    from sla.settings g where g.tenant_id = p_tenant_id
$$;
comment on function sla._instant_words(uuid, timestamptz) is 'An instant as the tenant''s wall clock shows it, to the minute.';
