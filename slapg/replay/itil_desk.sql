-- A desk in office hours: Monday to Friday 08:00 to 18:00 in the tenant's time zone, closed on the public
-- holidays of England, with the ITIL policy on every board that has none. What exists already is left alone.
insert into sla.schedules (name, timezone, is_default)
select 'Office hours', s.timezone, true
from sla.settings s
where s.tenant_id = helpdesk.current_tenant()
    and not exists (
        select from sla.schedules x
        where x.tenant_id = helpdesk.current_tenant() and x.is_default and x.archived_at is null);

insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
select s.schedule_id, d.day, '08:00', '18:00'
from sla.schedules s
cross join generate_series(1, 5) as d(day)
where s.tenant_id = helpdesk.current_tenant() and s.name = 'Office hours' and s.is_default
    and not exists (
        select from sla.schedule_entries e
        where e.tenant_id = helpdesk.current_tenant() and e.schedule_id = s.schedule_id);

insert into sla.holidays (schedule_id, name, holiday_date, is_recurring)
select s.schedule_id, h.name, h.holiday_date, h.is_recurring
from sla.schedules s
cross join (values
    ('New Year''s Day', date '2016-01-01', true),
    ('Good Friday', date '2016-03-25', false),
    ('Easter Monday', date '2016-03-28', false),
    ('Early May bank holiday', date '2016-05-02', false),
    ('Spring bank holiday', date '2016-05-30', false),
    ('Summer bank holiday', date '2016-08-29', false),
    ('Christmas Day', date '2016-12-25', true),
    ('Boxing Day', date '2016-12-26', true),
    ('Christmas Day (substitute)', date '2016-12-27', false),
    ('New Year''s Day (substitute)', date '2017-01-02', false)
) as h(name, holiday_date, is_recurring)
where s.tenant_id = helpdesk.current_tenant() and s.name = 'Office hours' and s.is_default
    and not exists (
        select from sla.holidays x
        where x.tenant_id = helpdesk.current_tenant() and x.schedule_id = s.schedule_id);

select sla.configure_itil(b.board_id)
from helpdesk.boards b
where b.tenant_id = helpdesk.current_tenant();

-- Tickets on no board yet are promised the same.
update sla.policies p set is_default = true
where p.tenant_id = helpdesk.current_tenant() and p.name = 'ITIL Standard' and p.archived_at is null
    and not exists (
        select from sla.policies x
        where x.tenant_id = helpdesk.current_tenant() and x.is_default and x.archived_at is null);

-- Who is told: the manager of the board, and one manager more at each level of escalation.
insert into helpdesk.users (name)
select m.name
from (values ('Service desk manager'), ('Team lead'), ('Service delivery manager'), ('Head of IT')) as m(name)
where not exists (
    select from helpdesk.users u where u.tenant_id = helpdesk.current_tenant() and u.name = m.name);

update helpdesk.boards b set manager_user_id = (
    select u.user_id from helpdesk.users u
    where u.tenant_id = b.tenant_id and u.name = 'Service desk manager'
    order by u.user_id limit 1)
where b.tenant_id = helpdesk.current_tenant() and b.manager_user_id is null;

insert into sla.escalation_managers (board_id, level, manager_user_id)
select b.board_id, m.level, (
    select u.user_id from helpdesk.users u
    where u.tenant_id = b.tenant_id and u.name = m.name
    order by u.user_id limit 1)
from helpdesk.boards b
cross join (values (1, 'Team lead'), (2, 'Service delivery manager'), (3, 'Head of IT')) as m(level, name)
where b.tenant_id = helpdesk.current_tenant()
on conflict (tenant_id, board_id, level) do nothing;
