-- Open tickets whose two clocks each count in the hours of the office. Of ten, one waits for its client and one did so.
insert into helpdesk.tickets (client_id, board_id, priority_id, status_id, assigned_to, entered_at)
select c.ids[1 + n %% cardinality(c.ids)], b.board_id, p.ids[1 + n %% cardinality(p.ids)], s.status_id,
       u.ids[1 + n %% cardinality(u.ids)], now() - n * interval '5 days' / %(tickets)s
from generate_series(1, %(tickets)s) as n,
     helpdesk.boards b,
     (select status_id from helpdesk.statuses where name = 'New') s,
     (select array_agg(client_id) as ids from helpdesk.clients) c,
     (select array_agg(user_id) as ids from helpdesk.users) u,
     (select array_agg(priority_id) as ids from helpdesk.priorities where itil_level > 1) p;
update helpdesk.tickets set response_state = 'awaiting_client' where ticket_number::bigint %% 10 < 2;
update helpdesk.tickets set response_state = null where ticket_number::bigint %% 10 = 0;
