create or replace function sla._audit_words(p_tenant_id uuid, p_event_type text, p_event_data jsonb) returns text
language sql stable parallel safe security invoker
as $$
    select case p_event_type
        when 'sla_started' then 'entered' || coalesce('; promised in business time: ' || (
            select string_agg(t.metric || ' in ' || sla._minutes_words((t.terms ->> 'target_minutes')::bigint), ', '
                order by (t.terms ->> 'target_minutes')::bigint)
            from jsonb_each(p_event_data -> 'terms') as t(metric, terms)), '')
        when 'sla_not_started' then 'not tracked: ' || coalesce(
            case p_event_data ->> 'reason'
                when 'no_policy' then 'no policy applies'
                when 'no_target' then 'the policy promises nothing for this priority'
                else p_event_data ->> 'reason'
            end, 'no reason given')
        when 'sla_paused' then 'paused: ' || sla._pause_words(p_event_data ->> 'reason')
        when 'sla_resumed' then case p_event_data ->> 'reason'
            when 'status' then 'its status no longer pauses it'
            when 'awaiting_client' then 'it no longer waits for the client'
            when 'manual' then 'resumed by hand'
            when 'closed' then 'no longer closed'
            else 'resumed' end
        when 'response_recorded' then case
            when p_event_data ->> 'reason' = 'closed_without_response' then 'closed without an answer, which counts as one'
            else 'answered' end || sla._verdict_words(p_event_data)
        when 'resolution_recorded' then 'resolved' || sla._verdict_words(p_event_data)
        when 'sla_cancelled' then (p_event_data ->> 'metric') || ' no longer tracked: ' || replace(
            coalesce(p_event_data ->> 'reason', 'no reason given'), '_', ' ')
        when 'breach_withdrawn' then 'the ' || (p_event_data ->> 'metric') || ' is no longer broken'
        when 'escalated' then 'escalated to level ' || (p_event_data ->> 'level') || coalesce((
            select ': ' || u.name from helpdesk.users u
            where u.tenant_id = p_tenant_id and u.user_id = (p_event_data ->> 'manager_user_id')::uuid),
            ', which has no manager')
        when 'notification_skipped' then 'nobody to tell'
        when 'recalculated' then 'counted anew under new terms'
        when 'sla_reopened' then 'reopened'
        when 'manual_override' then 'corrected by hand'
        when 'priority_changed' then 'priority changed' || sla._terms_words(p_event_data)
        when 'policy_changed' then 'policy changed' || sla._terms_words(p_event_data)
        when 'ticket_changed' then 'changed: ' || sla._change_words(p_tenant_id, p_event_data)
        else replace(p_event_type, '_', ' ')
    end
$$;
comment on function sla._audit_words(uuid, text, jsonb) is
    'An entry of sla.audit_log as people say it; whatever it does not know is named as it is.';
