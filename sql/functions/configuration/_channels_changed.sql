create or replace function sla._channels_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('slapg', '');
    return null;
end
$$;
comment on function sla._channels_changed() is
'After channels were changed: a hint to listeners, for what waited for them can go now.';
