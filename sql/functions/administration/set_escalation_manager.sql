create or replace function sla.set_escalation_manager(
    p_board_id uuid, p_level integer, p_manager_user_id uuid, p_notify_via text[] default '{in_app,email}'
) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    perform sla._require_board(p_board_id);
    perform sla._require_known('user', p_manager_user_id);
    insert into sla.escalation_managers (tenant_id, board_id, level, manager_user_id, notify_via)
    values (v_tenant_id, p_board_id, p_level, p_manager_user_id, p_notify_via)
    on conflict (tenant_id, board_id, level) do update
    set manager_user_id = excluded.manager_user_id, notify_via = excluded.notify_via;
end
$$;
comment on function sla.set_escalation_manager(uuid, integer, uuid, text[]) is
'Who is brought in when a ticket of a board reaches an escalation level (1 to 3), and how he is told, in place of whoever was before. Errors: SL012 unknown board, SL023 unknown user, SL022 another level, or a channel without a name. Source: semantics §3, Escalation.';
