create or replace trigger slapg_append_only before update or delete or truncate on sla.configuration_history
    for each statement execute function sla._refuse_history_change();
