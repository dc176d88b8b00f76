create or replace function sla.now() returns timestamptz
language sql stable parallel safe security invoker
as $$
    select case
        when coalesce(pg_catalog.current_setting('slapg.now', true), '') = '' then pg_catalog.now()
        else sla._simulated_now()
    end
$$;
comment on function sla.now() is
'The time that every SLA rule reads (UTC instant): the transaction''s, or setting slapg.now for members of slapg_admin (tests, replays). Errors: SL030 when another role sets it, SL031 when it is no instant. Source: architecture, SQL interface.';
