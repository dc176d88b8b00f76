create or replace trigger slapg_validate before insert or update on sla.role_tenants
    for each row execute function sla._validate_role_tenant();
create or replace trigger slapg_marked after insert or update or delete or truncate on sla.role_tenants
    for each statement execute function sla._role_tenants_changed();
create or replace trigger slapg_history after insert or update or delete on sla.role_tenants
    for each row execute function sla._configuration_changed();
