create or replace function sla._retire_schedule() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._refuse_retirement('schedule', old.name, (
        select string_agg(u.used_by, ', ' order by u.used_by) from (
            select 'the default schedule' as used_by where old.is_default and old.archived_at is null
            union all select 'policy ' || p.name from sla.policies p
            where p.tenant_id = old.tenant_id and p.schedule_id = old.schedule_id and p.archived_at is null
            union all select 'the working hours of ' || u.name from sla.recipient_preferences r
            join helpdesk.users u on u.tenant_id = r.tenant_id and u.user_id = r.user_id
            where r.tenant_id = old.tenant_id and r.schedule_id = old.schedule_id
            union all select count(distinct c.ticket_id) || ' open tickets' from sla.clocks c
            where c.tenant_id = old.tenant_id and c.state in ('running', 'paused') and c.calendar_id in (
                select k.calendar_id from sla.calendars k
                where k.tenant_id = old.tenant_id and k.schedule_id = old.schedule_id)
            having count(*) > 0
        ) u));
    if not exists (select from sla.calendars k where k.tenant_id = old.tenant_id and k.schedule_id = old.schedule_id)
       and not exists (select from sla.policies p
                       where p.tenant_id = old.tenant_id and p.schedule_id = old.schedule_id) then
        return old;
    end if;
    update sla.schedules s set archived_at = coalesce(s.archived_at, sla.now()), is_default = false
    where s.tenant_id = old.tenant_id and s.schedule_id = old.schedule_id;
    return null;
end
$$;
comment on function sla._retire_schedule() is
'Deleting a schedule: refused while a policy, the tenant, a recipient of warnings or an open clock uses it (SL019), else archived, since its calendars explain old clocks (semantics §4).';
