create or replace function sla._policy_edited() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        perform sla._compile_terms(old.tenant_id, old.policy_id);
    end if;
    if tg_op <> 'DELETE' then
        perform sla._compile_terms(new.tenant_id, new.policy_id);
    end if;
    return null;
end
$$;
comment on function sla._policy_edited() is
'After a policy, target or threshold changed: compiles its terms anew. Open clocks keep theirs until sla.recalculate (semantics §4).';
