create or replace function sla.set_threshold(
    p_policy_id uuid, p_percent integer, p_notify_assignee boolean default true,
    p_notify_board_manager boolean default false, p_notify_escalation_manager boolean default false,
    p_channels text[] default '{in_app}'
) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    insert into sla.notification_thresholds (
        tenant_id, policy_id, percent, notify_assignee, notify_board_manager, notify_escalation_manager, channels)
    values (v_tenant_id, v_policy.policy_id, p_percent, p_notify_assignee, p_notify_board_manager,
            p_notify_escalation_manager, p_channels)
    on conflict (tenant_id, policy_id, percent) do update
    set notify_assignee = excluded.notify_assignee, notify_board_manager = excluded.notify_board_manager,
        notify_escalation_manager = excluded.notify_escalation_manager, channels = excluded.channels;
end
$$;
comment on function sla.set_threshold(uuid, integer, boolean, boolean, boolean, text[]) is
'Whom a policy tells, and how, when a percent of a target (1 to 1000) is used up, in place of what held for that percent before. Open clocks know a new percent from sla.recalculate on. Errors: SL015 unknown policy, SL018 percent out of range or a channel without a name. Source: semantics §3.';
