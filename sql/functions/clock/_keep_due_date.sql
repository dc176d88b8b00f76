create or replace function sla._keep_due_date(p_clock sla.clocks, p_due_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    if not p_clock.keeps_due_date or p_clock.due_at is not distinct from p_due_at then
        return;
    end if;
    perform set_config('slapg.keeping_due_date', 'yes', true);
    update helpdesk.tickets t set due_date = p_due_at
    where t.tenant_id = p_clock.tenant_id and t.ticket_id = p_clock.ticket_id
      and sla._in_step(t.due_date, p_clock.due_at);
    perform set_config('slapg.keeping_due_date', '', true);
end
$$;
comment on function sla._keep_due_date(sla.clocks, timestamptz) is
'Moves a ticket''s due_date that slapg filled in along with the due time; null clears it (semantics §4, due_date).';
