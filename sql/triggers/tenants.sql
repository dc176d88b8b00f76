create or replace trigger slapg_created after insert on helpdesk.tenants
    for each row execute function sla._tenant_created();
