create or replace function sla._configuration_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old jsonb := to_jsonb(case when tg_op <> 'INSERT' then old end);
    v_new jsonb := to_jsonb(case when tg_op <> 'DELETE' then new end);
    v_row jsonb := coalesce(v_new, v_old);
    v_key jsonb;
begin
    select jsonb_object_agg(a.attname, v_row -> a.attname) into v_key
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = tg_relid and i.indisprimary;
    if tg_op = 'UPDATE' then
        -- Only what changed, so that a person sees it at once.
        select jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, v_new -> o.key) into v_old, v_new
        from jsonb_each(v_old) o
        where o.value is distinct from v_new -> o.key;
        if v_old is null then
            return null;
        end if;
    end if;
    insert into sla.configuration_history (
        tenant_id, table_name, operation, row_key, old_values, new_values, actor, created_at)
    values ((v_row ->> 'tenant_id')::uuid, tg_table_schema || '.' || tg_table_name, lower(tg_op), v_key - 'tenant_id',
            v_old - 'tenant_id', v_new - 'tenant_id', sla._actor(), sla.now());
    return null;
end
$$;
comment on function sla._configuration_changed() is
'After row, on every configuration table: writes who changed what into sla.configuration_history, old and new values (semantics §7).';
