create or replace function sla._answer(p_tenant_id uuid, p_ticket_id uuid, p_replied_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform sla._record_reply(p_tenant_id, p_ticket_id, p_replied_at);
exception
    when others then
        if sla._passes_on(sqlstate) then
            raise;
        end if;
        perform sla._audit(p_tenant_id, p_ticket_id, 'ticket_changed', sla.now(),
                           jsonb_build_object('reply', true, 'error', sqlerrm, 'sqlstate', sqlstate));
end
$$;
comment on function sla._answer(uuid, uuid, timestamptz) is
'Records a reply; a comment is stored even when its clock cannot be kept, and the reason is audited.';
