create or replace function sla._comment_published() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
    perform sla._answer(new.tenant_id, new.ticket_id, sla.now());
    return null;
end
$$;
comment on function sla._comment_published() is
'After a comment became a public one by the staff: it answers its ticket now, not when it was written (semantics §2, Response).';
