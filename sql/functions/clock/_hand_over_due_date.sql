create or replace function sla._hand_over_due_date(p_clock sla.clocks) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_due_at timestamptz;
begin
    if not p_clock.keeps_due_date then
        return;
    end if;
    update sla.clocks c set keeps_due_date = c.cycle = p_clock.cycle + 1
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric;
    select c.due_at into v_due_at from sla.clocks c
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle + 1;
    perform sla._keep_due_date(p_clock, v_due_at);
end
$$;
comment on function sla._hand_over_due_date(sla.clocks) is
'The ticket''s due_date, so far kept in step with an old cycle, follows the next one.';
