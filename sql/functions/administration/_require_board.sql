create or replace function sla._require_board(p_board_id uuid) returns void
language plpgsql stable parallel safe security invoker
as $$
begin
    if not exists (
        select from helpdesk.boards b where b.tenant_id = helpdesk.current_tenant() and b.board_id = p_board_id
    ) then
        raise exception 'board % is unknown', coalesce(p_board_id::text, 'null')
            using errcode = 'SL012', hint = 'Give the board_id of a row of helpdesk.boards of this tenant.';
    end if;
end
$$;
comment on function sla._require_board(uuid) is 'Raises SL012 when the current tenant has no board with that key.';
