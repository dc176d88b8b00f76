create or replace function sla._note_sweep_error(
    p_tenant_id uuid, p_ticket_id uuid, p_now timestamptz, p_sqlstate text, p_message text
) returns void
language sql volatile parallel unsafe security invoker
as $$
    insert into sla.sweep_errors as e (
        tenant_id, ticket_id, first_failed_at, last_failed_at, retry_at, sqlstate, message)
    values (p_tenant_id, p_ticket_id, p_now, p_now, p_now + interval '1 minute', p_sqlstate, p_message)
    on conflict (tenant_id, ticket_id) do update
    set failures = e.failures + 1, last_failed_at = p_now, sqlstate = p_sqlstate, message = p_message,
        retry_at = p_now + least(interval '1 minute' * 2 ^ least(e.failures, 6), interval '1 hour')
$$;
comment on function sla._note_sweep_error(uuid, uuid, timestamptz, text, text) is
'Remembers that a ticket could not be settled and when to try again: after 1 minute, then twice as long each time, an hour at most.';
