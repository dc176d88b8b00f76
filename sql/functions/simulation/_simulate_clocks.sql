create or replace function sla._simulate_clocks(p_from timestamptz, p_until timestamptz, p_scenario jsonb)
returns table (
    ticket_id uuid, metric text, cycle smallint, priority_id uuid, started_at bigint, completed_at bigint,
    target bigint, due_at bigint, outcome text)
language plpython3u stable parallel unsafe security invoker cost 1000000 rows 100000
as $$
from json import loads

if "slapg_simulation" not in GD:
    plpy.execute("select sla._load_simulation()")
histories = GD["slapg_ticket_history"]
[now] = plpy.execute("select sla._to_us(sla.now()) as us")
simulation = GD["slapg_simulation"].Simulation(loads(p_scenario), now["us"])
following = plpy.prepare(
    "select t.ticket_id from helpdesk.tickets t where t.tenant_id = helpdesk.current_tenant() and t.ticket_id > $1"
    " and t.entered_at >= $2 and t.entered_at < $3 order by t.ticket_id limit 500",
    ["uuid", "timestamptz", "timestamptz"])
last = "00000000-0000-0000-0000-000000000000"
while last:
    ticket_ids = [row["ticket_id"] for row in plpy.execute(following, [last, p_from, p_until])]
    last = ticket_ids[-1] if ticket_ids else None
    entries_of = histories.entries_of(ticket_ids)
    for ticket_id in ticket_ids:
        history = histories.told(entries_of.get(ticket_id, ()))
        if history is not None:
            for clock in simulation.judged(history):
                yield (ticket_id, *clock)
$$;
comment on function sla._simulate_clocks(timestamptz, timestamptz, jsonb) is
    'Every clock of the current tenant''s tickets entered in [p_from, p_until) as the scenario (sla._scenario) would have it; instants and target in microseconds, target and outcome null where it promises nothing. Tickets whose history is not complete are left out.';
