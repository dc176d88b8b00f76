create or replace function sla.remove_escalation_manager(p_board_id uuid, p_level integer) returns boolean
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    perform sla._require_board(p_board_id);
    delete from sla.escalation_managers m
    where m.tenant_id = v_tenant_id and m.board_id = p_board_id and m.level = p_level;
    return found;
end
$$;
comment on function sla.remove_escalation_manager(uuid, integer) is
'Nobody is brought in any more when a ticket of a board reaches that escalation level; false when nobody was. Errors: SL012 unknown board. Source: semantics §3, Escalation.';
