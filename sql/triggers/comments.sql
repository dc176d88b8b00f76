create or replace trigger slapg_gate before insert or update on helpdesk.comments
    for each statement execute function sla._tickets_gate();
create or replace trigger slapg_insert after insert on helpdesk.comments
    referencing new table as new_comments for each statement execute function sla._comments_inserted();
create or replace trigger slapg_publish after update on helpdesk.comments
    for each row when (
        (old.is_internal or old.author_type <> 'internal') and not new.is_internal and new.author_type = 'internal')
    execute function sla._comment_published();
