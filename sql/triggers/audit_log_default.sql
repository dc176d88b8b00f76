create or replace trigger slapg_never_truncate before truncate on sla.audit_log_default
    for each statement execute function sla._refuse_history_change();
