create or replace function sla.verify_tickets(p_ticket_ids uuid[] default null)
returns table (ticket_id uuid, metric text, cycle smallint, what text, recorded text, recomputed text)
language plpython3u stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
if "slapg_ticket_check" not in GD:
    plpy.execute("select sla._load_ticket_check()")
differences = GD["slapg_ticket_check"].differences
CHUNK = 500
OF_TENANT = "select t.ticket_id from helpdesk.tickets t where t.tenant_id = helpdesk.current_tenant()"
FIRST = "00000000-0000-0000-0000-000000000000"


def chunks_of_all():
    following = plpy.prepare(OF_TENANT + " and t.ticket_id > $1 order by t.ticket_id limit $2", ["uuid", "integer"])
    chunk = [FIRST]
    while chunk:
        chunk = [row["ticket_id"] for row in plpy.execute(following, [chunk[-1], CHUNK])]
        yield chunk


def chunks_of_named():
    named = plpy.prepare(OF_TENANT + " and t.ticket_id = any ($1)", ["uuid[]"])
    for start in range(0, len(p_ticket_ids), CHUNK):
        yield [row["ticket_id"] for row in plpy.execute(named, [p_ticket_ids[start:start + CHUNK]])]


# A sweep that committed before this snapshot may be younger than this transaction, so now() would not do.
[limit] = plpy.execute(
    "select sla._to_us(case when coalesce(current_setting('slapg.now', true), '') = '' then clock_timestamp()"
    " else sla.now() end) as until")
for chunk in chunks_of_all() if p_ticket_ids is None else chunks_of_named():
    for difference in differences(chunk, limit["until"]):
        yield difference
$$;
comment on function sla.verify_tickets(uuid[]) is
    'sla.verify for many tickets of the current tenant in one statement (null: all of them); nothing in a healthy database. Ids that are no ticket''s are ignored. Source: semantics §7.';
