create or replace trigger slapg_gate before insert or update or delete on helpdesk.tickets
    for each statement execute function sla._tickets_gate();
create or replace trigger slapg_fill before insert on helpdesk.tickets
    for each row when (new.due_date is null) execute function sla._tickets_filled();
create or replace trigger slapg_insert after insert on helpdesk.tickets
    referencing new table as new_tickets for each statement execute function sla._tickets_inserted();
create or replace trigger slapg_rekey before update of tenant_id, ticket_id on helpdesk.tickets
    for each row when (old.tenant_id <> new.tenant_id or old.ticket_id <> new.ticket_id)
    execute function sla._tickets_rekeyed();
-- Named to fire before slapg_update: what a person sets counts before what the same statement does to the clocks.
create or replace trigger slapg_due_date after update on helpdesk.tickets
    for each row when (old.due_date is distinct from new.due_date) execute function sla._due_date_edited();
create or replace trigger slapg_update after update on helpdesk.tickets
    for each row when (
        old.status_id is distinct from new.status_id or old.response_state is distinct from new.response_state
        or old.priority_id is distinct from new.priority_id or old.client_id is distinct from new.client_id
        or old.board_id is distinct from new.board_id or old.sla_policy_id is distinct from new.sla_policy_id
        or old.entered_at is distinct from new.entered_at or old.closed_at is distinct from new.closed_at)
    execute function sla._tickets_updated();
create or replace trigger slapg_delete after delete on helpdesk.tickets
    referencing old table as old_tickets for each statement execute function sla._tickets_deleted();
create or replace trigger slapg_truncate after truncate on helpdesk.tickets
    for each statement execute function sla._tickets_truncated();
