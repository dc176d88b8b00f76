-- By row, because such triggers are passed on to the partitions; truncating one of those is refused by its own
-- (sla._protect_audit_partition).
create or replace trigger slapg_append_only before update or delete on sla.audit_log
    for each row execute function sla._refuse_history_change();
create or replace trigger slapg_never_truncate before truncate on sla.audit_log
    for each statement execute function sla._refuse_history_change();
