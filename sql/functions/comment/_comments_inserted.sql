create or replace function sla._comments_inserted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
    -- Within one statement the earliest reply of a ticket counts; tickets in order of id, as everywhere.
    perform sla._answer(n.tenant_id, n.ticket_id, min(n.created_at))
    from new_comments n
    where n.author_type = 'internal' and not n.is_internal
    group by n.tenant_id, n.ticket_id
    order by n.tenant_id, n.ticket_id;
    return null;
end
$$;
comment on function sla._comments_inserted() is
'After comments were inserted: the first public one by the staff answers its ticket (semantics §2, Response).';
