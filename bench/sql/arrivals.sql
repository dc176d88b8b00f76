-- Tickets about to be inserted: a busy desk's fortnight, mixed priorities, clients and agents.
create schema bench;
create table bench.arrivals as
select t.tenant_id, helpdesk.new_id() as ticket_id, 'T' || n as ticket_number, 'Printer on fire' as title,
       c.ids[1 + n %% cardinality(c.ids)] as client_id, b.board_id, p.ids[1 + n %% cardinality(p.ids)] as priority_id,
       s.status_id, u.ids[1 + n %% cardinality(u.ids)] as assigned_to,
       now() - random() * interval '14 days' as entered_at, null::timestamptz as due_date
from generate_series(1, %s) as n,
     helpdesk.tenants t,
     helpdesk.boards b,
     (select status_id from helpdesk.statuses where name = 'New') s,
     (select array_agg(client_id) as ids from helpdesk.clients) c,
     (select array_agg(user_id) as ids from helpdesk.users) u,
     (select array_agg(priority_id) as ids from helpdesk.priorities) p;
analyze bench.arrivals;
