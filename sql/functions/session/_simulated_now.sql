create or replace function sla._simulated_now() returns timestamptz
language plpgsql stable parallel safe security invoker
as $$
declare
    v_setting text := pg_catalog.current_setting('slapg.now', true);
begin
    -- session_user, not current_user: inside a definer function everybody is the owner.
    if not pg_catalog.pg_has_role(session_user, 'slapg_admin', 'member') then
        raise exception 'role % may not set slapg.now', session_user
            using errcode = 'SL030', hint = 'Simulated time is for members of slapg_admin: reset slapg.now.';
    end if;
    -- Looked at, not tried: an exception block is a subtransaction, and parallel queries can have none.
    if v_setting not like '____-__-__%'
       or pg_catalog.translate(pg_catalog.left(v_setting, 10), '0123456789', '') <> '--' then
        raise exception 'setting slapg.now is no instant: %', v_setting
            using errcode = 'SL031', hint = 'Write it like 2026-03-02 09:00:00+00, or reset slapg.now.';
    end if;
    return v_setting::timestamptz;
end
$$;
comment on function sla._simulated_now() is
'Reads setting slapg.now (UTC instant) for those who may simulate time. Errors: SL030, SL031; 22007 or 22008 when it begins like an instant and is none.';
