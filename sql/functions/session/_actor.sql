create or replace function sla._actor() returns text
language sql stable parallel safe security invoker
as $$
    select coalesce(nullif(pg_catalog.current_setting('slapg.actor', true), ''), session_user::text)
$$;
comment on function sla._actor() is
'Who acts: the application''s user from setting slapg.actor, else the database role that logged in.';
