create or replace trigger slapg_delete after delete on helpdesk.users
    referencing old table as old_users for each statement execute function sla._users_deleted();
