create or replace function sla._audit_words(p_tenant_id uuid, p_event_type text, p_event_data jsonb) returns text
language sql stable parallel safe security invoker
as $$
    select case p_event_type
        when 'sla_started' then 'entered' || coalesce('; promised: ' || sla._terms_words(p_event_data), '')
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
        when 'breach_withdrawn' then (p_event_data ->> 'metric') || ' no longer overdue'
        when 'escalated' then 'escalated to level ' || (p_event_data ->> 'level') || coalesce((
            select ': ' || u.name from helpdesk.users u
            where u.tenant_id = p_tenant_id and u.user_id = (p_event_data ->> 'manager_user_id')::uuid),
            ', which has no manager')
        when 'notification_skipped' then 'nobody to tell'
        when 'recalculated' then case
            when p_event_data ? 'calendar_id' then
                'business hours changed: counted anew by calendar version ' || (p_event_data ->> 'calendar_id')
            else 'counted anew' || coalesce('; now promised: ' || sla._terms_words(p_event_data), '') end
        when 'sla_reopened' then 'reopened: ' || case p_event_data ->> 'mode'
            when 'continue' then 'the resolution clock runs on'
            when 'restart' then 'a new resolution clock starts' || coalesce('; promised: ' || sla._terms_words(p_event_data), '')
            else 'the result stands' end
        when 'manual_override' then 'tracked again by hand' || coalesce('; promised: ' || sla._terms_words(p_event_data), '')
        when 'priority_changed' then coalesce('now promised: ' || sla._terms_words(p_event_data), 'the promises stay the same')
        when 'policy_changed' then coalesce('now promised: ' || sla._terms_words(p_event_data), 'the promises stay the same')
        when 'ticket_changed' then case
            when p_event_data ? 'reply' then 'first answer'
            else 'changed: ' || coalesce(sla._change_words(p_tenant_id, p_event_data), 'nothing that counts') end
            || coalesce('; its clocks could not follow: ' || (p_event_data ->> 'error'), '')
        else replace(p_event_type, '_', ' ')
    end
$$;
comment on function sla._audit_words(uuid, text, jsonb) is
    'An entry of sla.audit_log as people say it; whatever it does not know is named as it is.';
