create or replace trigger slapg_created after insert on helpdesk.tenants
    for each row execute function sla._tenant_created();
create or replace trigger slapg_history after insert or update or delete on helpdesk.tenants
    for each row execute function sla._configuration_changed();
