create or replace function sla._tickets_gate() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._enter_gate(helpdesk.current_tenant());
    return null;
end
$$;
comment on function sla._tickets_gate() is
'Before each statement on tickets and comments: configuration lock first, ticket rows after, so that the order is always the same.';
