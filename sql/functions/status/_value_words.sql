create or replace function sla._value_words(p_tenant_id uuid, p_field text, p_value text) returns text
language sql stable parallel safe security invoker
as $$
    select coalesce(
        case p_field
            when 'status_id' then (
                select s.name from helpdesk.statuses s
                where s.tenant_id = p_tenant_id and s.status_id::text = p_value)
            when 'priority_id' then (
                select r.name from helpdesk.priorities r
                where r.tenant_id = p_tenant_id and r.priority_id::text = p_value)
            when 'board_id' then (
                select b.name from helpdesk.boards b
                where b.tenant_id = p_tenant_id and b.board_id::text = p_value)
            when 'client_id' then (
                select k.name from helpdesk.clients k
                where k.tenant_id = p_tenant_id and k.client_id::text = p_value)
            when 'sla_policy_id' then (
                select p.name from sla.policies p
                where p.tenant_id = p_tenant_id and p.policy_id::text = p_value)
            when 'response_state' then replace(p_value, '_', ' ')
            when 'entered_at' then sla._instant_words(p_tenant_id, p_value::timestamptz)
            when 'closed_at' then sla._instant_words(p_tenant_id, p_value::timestamptz)
        end,
        p_value)
$$;
comment on function sla._value_words(uuid, text, text) is 'The name behind an id of a ticket''s field; any other value as it is.';
