create or replace function sla._settings_gate() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._hold_configuration();
    return null;
end
$$;
comment on function sla._settings_gate() is
'The configuration lock for statements on sla.settings itself, whose rows change by the statement anyway.';
