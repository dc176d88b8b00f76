create or replace function sla._new_terms(p_tenant_id uuid, p_ticket_id uuid, p_log_id bigint, p_event_data jsonb)
returns jsonb
language sql stable parallel safe security invoker
as $$
    -- Terms are audited whole whenever they are taken; another priority may promise the same as the one before.
    select p_event_data || jsonb_build_object('terms', (
        select jsonb_object_agg(t.metric, t.terms)
        from jsonb_each(p_event_data -> 'terms') as t(metric, terms)
        where (t.terms - '{percents,escalation_percents}'::text[]) is distinct from (
            select (l.event_data -> 'terms' -> t.metric) - '{percents,escalation_percents}'::text[]
            from sla.audit_log l
            where l.tenant_id = p_tenant_id and l.ticket_id = p_ticket_id and l.log_id < p_log_id
                and l.event_data -> 'terms' ? t.metric
            order by l.log_id desc
            limit 1)))
$$;
comment on function sla._new_terms(uuid, uuid, bigint, jsonb) is
    'An audit entry''s data with only those terms that promise something else than the ticket''s earlier entries.';
