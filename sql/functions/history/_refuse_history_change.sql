create or replace function sla._refuse_history_change() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'table %.% is append-only: % refused', tg_table_schema, tg_table_name, lower(tg_op)
        using errcode = 'SL040',
              hint = 'History is neither changed nor removed; what is too old goes a whole month at a time, by dropping its partition.';
end
$$;
comment on function sla._refuse_history_change() is
'Before history is updated, deleted or truncated: refuses it to everybody, the owner included (SL040).';
