create or replace function sla._tickets_rekeyed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'ticket %: its key cannot be changed', old.ticket_number
        using errcode = 'SL021', hint = 'Its history is kept under ticket_id; insert a new ticket instead.';
end
$$;
comment on function sla._tickets_rekeyed() is 'Refuses another tenant_id or ticket_id for a ticket: SL021 (docs/decisions 28).';
