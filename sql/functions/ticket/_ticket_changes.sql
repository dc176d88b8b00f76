create or replace function sla._ticket_changes(p_old helpdesk.tickets, p_new helpdesk.tickets) returns jsonb
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select coalesce(jsonb_object_agg(f.field, jsonb_build_object('old', f.old, 'new', f.new)), '{}')
        from (values
            ('status_id', to_jsonb(p_old.status_id), to_jsonb(p_new.status_id)),
            ('response_state', to_jsonb(p_old.response_state), to_jsonb(p_new.response_state)),
            ('priority_id', to_jsonb(p_old.priority_id), to_jsonb(p_new.priority_id)),
            ('client_id', to_jsonb(p_old.client_id), to_jsonb(p_new.client_id)),
            ('board_id', to_jsonb(p_old.board_id), to_jsonb(p_new.board_id)),
            ('sla_policy_id', to_jsonb(p_old.sla_policy_id), to_jsonb(p_new.sla_policy_id)),
            ('entered_at', to_jsonb(p_old.entered_at), to_jsonb(p_new.entered_at)),
            ('closed_at', to_jsonb(p_old.closed_at), to_jsonb(p_new.closed_at))
        ) as f (field, old, new)
        where f.old is distinct from f.new
    );
end
$$;
comment on function sla._ticket_changes(helpdesk.tickets, helpdesk.tickets) is
'Old and new value of each field that matters to the clocks and that a statement changed (semantics §7).';
