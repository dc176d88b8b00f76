-- A service desk of ordinary size: one board with managers, ITIL targets, Mon-Fri hours with holidays.
insert into helpdesk.users (name, email)
select 'Agent ' || n, 'agent' || n || '@desk.example' from generate_series(1, 20) as n;
insert into helpdesk.clients (name) select 'Client ' || n from generate_series(1, 50) as n;
insert into helpdesk.boards (name, manager_user_id)
select 'Support', u.user_id from helpdesk.users u where u.name = 'Agent 1';
insert into helpdesk.statuses (name, is_closed) values ('New', false), ('Waiting', false), ('Closed', true);
insert into sla.status_pause_config (status_id) select s.status_id from helpdesk.statuses s where s.name = 'Waiting';
insert into sla.escalation_managers (board_id, level, manager_user_id)
select b.board_id, l.level, u.user_id
from helpdesk.boards b
cross join generate_series(1, 3) as l (level)
join helpdesk.users u on u.name = 'Agent ' || (l.level + 1);

begin;
insert into sla.schedules (name, timezone, is_default) values ('Office', 'America/New_York', true);
insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
select s.schedule_id, d.day, '09:00', '17:00' from sla.schedules s, generate_series(1, 5) as d (day);
insert into sla.holidays (schedule_id, name, holiday_date, is_recurring)
select s.schedule_id, h.name, h.on_date, true
from sla.schedules s, (values
    ('New Year', date '2024-01-01'), ('Independence Day', '2024-07-04'), ('Christmas', '2024-12-25')
) as h (name, on_date);
commit;

select sla.configure_itil(b.board_id) from helpdesk.boards b;
