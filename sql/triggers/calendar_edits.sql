-- No "create or replace" exists for constraint triggers.
do $$
begin
    if not exists (select from pg_catalog.pg_trigger
                   where tgname = 'slapg_publish' and tgrelid = 'sla.calendar_edits'::pg_catalog.regclass) then
        create constraint trigger slapg_publish after insert on sla.calendar_edits
            deferrable initially deferred
            for each row execute function sla._calendar_edits_published();
    end if;
end
$$;
