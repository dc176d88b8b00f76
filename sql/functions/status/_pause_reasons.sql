-- The reasons that hold now are the open rows (decision 5); at a past instant, those that spanned it.
create or replace function sla._pause_reasons(p_tenant_id uuid, p_ticket_id uuid, p_at timestamptz) returns text
language sql stable parallel safe security invoker
as $$
    select string_agg(p.reason, ', ' order by p.reason)
    from sla.pauses p
    where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id
        and p.paused_at <= p_at and (p.resumed_at > p_at or p.resumed_at is null)
$$;
comment on function sla._pause_reasons(uuid, uuid, timestamptz) is
    'Why the ticket was paused at the instant: its reasons, with commas; null when it was not.';
