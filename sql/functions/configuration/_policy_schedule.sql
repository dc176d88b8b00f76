create or replace function sla._policy_schedule(p_tenant_id uuid, p_schedule_id uuid) returns uuid
language sql stable parallel safe security invoker
as $$
    select coalesce(p_schedule_id, (
        select s.schedule_id from sla.schedules s
        where s.tenant_id = p_tenant_id and s.is_default and s.archived_at is null))
$$;
comment on function sla._policy_schedule(uuid, uuid) is
'Which schedule a policy counts in: its own, else the tenant''s default, else null for 24x7 (semantics §1).';
