"""The administration functions: what each does to the configuration and to the tickets under way."""

from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.administration.named import names, policy, priority, refused, status
from tests.engine.desk import Desk, when

NOBODY = UUID(int=0)


def test_a_policy_from_nothing_promises_to_the_next_ticket(desk: Desk) -> None:
    desk.at("Mon 09:00")
    bronze = desk.value("select sla.create_policy('Bronze', 'cheap', p_is_default => true)")
    assert names(desk, "select name from sla.policies where is_default") == {"Bronze"}
    desk.db.execute(
        "select sla.set_target(%s, %s, 60, 120, '{50,null,80}')", [bronze, priority(desk, "Normal")]
    )
    desk.db.execute("select sla.set_threshold(%s, 25, p_channels => '{sms}')", [bronze])
    clock = desk.resolution(desk.enter())
    assert (clock.policy_id, clock.due_at) == (bronze, when("Mon 11:00"))
    assert (clock.percents, clock.escalation_percents) == ([25, 50, 80, 100], [50, None, 80])


def test_a_target_set_again_is_replaced_whole(desk: Desk) -> None:
    gold, urgent = policy(desk, "Gold"), priority(desk, "Urgent")
    desk.db.execute("select sla.set_target(%s, %s, null, 90, null, true)", [gold, urgent])
    [target] = desk.rows(
        "select * from sla.policy_targets where policy_id = %s and priority_id = %s", gold, urgent
    )
    assert (target.response_minutes, target.resolution_minutes, target.is_24x7) == (None, 90, True)
    assert target.escalation_1_percent is None
    assert desk.value("select sla.remove_target(%s, %s)", gold, urgent) is True
    assert desk.value("select sla.remove_target(%s, %s)", gold, urgent) is False


def test_a_threshold_set_again_is_replaced(desk: Desk) -> None:
    gold = policy(desk, "Gold")
    desk.db.execute("select sla.set_threshold(%s, 75, p_channels => '{sms}')", [gold])
    [row] = desk.rows("select * from sla.notification_thresholds where policy_id = %s and percent = 75", gold)
    assert (row.notify_board_manager, row.channels) == (False, ["sms"])
    assert desk.value("select sla.remove_threshold(%s, 75)", gold) is True
    assert desk.value("select sla.remove_threshold(%s, 75)", gold) is False


def test_an_update_leaves_alone_what_it_does_not_name(desk: Desk) -> None:
    silver = policy(desk, "Silver")
    office = desk.named("sla.schedules", "Office")
    for changes in ({"description": "d", "schedule_id": str(office)}, {"name": "Iron"}):
        desk.db.execute("select sla.update_policy(%s, %s)", [silver, Jsonb(changes)])
    [row] = desk.rows("select * from sla.policies where policy_id = %s", silver)
    assert (row.name, row.description, row.schedule_id) == ("Iron", "d", office)
    desk.db.execute("select sla.update_policy(%s, %s)", [silver, Jsonb({"schedule_id": None})])
    [row] = desk.rows("select * from sla.policies where policy_id = %s", silver)
    assert (row.name, row.schedule_id) == ("Iron", None)


def test_there_is_at_most_one_default(desk: Desk) -> None:
    desk.db.execute("select sla.set_default_policy(%s)", [policy(desk, "Silver")])
    assert names(desk, "select name from sla.policies where is_default") == {"Silver"}
    desk.db.execute("select sla.set_default_policy(null)")
    assert names(desk, "select name from sla.policies where is_default") == set()
    always = desk.value("select sla.create_schedule('Always', p_is_24x7 => true, p_is_default => true)")
    assert names(desk, "select name from sla.schedules where is_default") == {"Always"}
    desk.db.execute("update sla.policies set is_default = true where name = 'Gold'")
    with pytest.raises(psycopg.errors.UniqueViolation):
        desk.db.execute("update sla.policies set is_default = true where name = 'Silver'")
    with pytest.raises(psycopg.errors.UniqueViolation):
        desk.db.execute("update sla.schedules set is_default = true where schedule_id <> %s", [always])


@pytest.mark.parametrize(
    ("call", "state", "words"),
    [
        ("create_policy('Gold')", "SL025", '"Gold"'),
        ('update_policy(%(silver)s, \'{"name": "Gold"}\')', "SL025", '"Gold"'),
        ('update_policy(%(silver)s, \'{"nmae": "Iron"}\')', "SL024", '"nmae"'),
        ("update_policy(%(silver)s, '[]')", "SL024", "object"),
        ("update_policy(%(nobody)s, '{}')", "SL015", str(NOBODY)),
        ("create_policy('New', null, %(nobody)s)", "SL001", str(NOBODY)),
        ("set_default_policy(%(nobody)s)", "SL015", str(NOBODY)),
        ("set_default_schedule(%(nobody)s)", "SL001", str(NOBODY)),
        ("set_target(%(silver)s, %(nobody)s, 1, 1)", "SL023", str(NOBODY)),
        ("set_target(%(silver)s, %(normal)s, 0, 1)", "SL017", "0 minutes"),
        ("set_target(%(silver)s, %(normal)s, 1, 1, '{1,2,3,4}')", "SL017", "three levels"),
        ("set_threshold(%(silver)s, 0)", "SL018", "out of range"),
        ("set_threshold(%(silver)s, 50, p_channels => '{}')", "SL018", "no channel"),
        ("create_schedule('New', 'Mars/Olympus')", "SL003", "Mars/Olympus"),
        ("create_schedule('New', 'UTC', '{}')", "SL024", "array"),
        ("create_schedule('New', 'UTC', '[{\"day_of_week\": 1}]')", "SL024", "start_time"),
        ("create_schedule('New', 'UTC', %(days_1_and_7)s)", "SL024", "7"),
        ("create_schedule('New', 'UTC', %(mon)s)", "SL024", "Mon"),
        ('set_holidays(null, \'[{"name": "No date"}]\')', "SL024", "holiday_date"),
        ("set_holidays(null, '{}')", "SL024", "array"),
        ("set_pause_statuses(array[%(nobody)s]::uuid[])", "SL023", str(NOBODY)),
        ("set_escalation_manager(%(nobody)s, 1, %(nobody)s)", "SL012", str(NOBODY)),
        ("set_escalation_manager(%(desk)s, 1, %(nobody)s)", "SL023", str(NOBODY)),
        ("set_escalation_manager(%(desk)s, 4, %(ann)s)", "SL022", "level 4"),
        ('update_settings(\'{"reopen": "restart"}\')', "SL024", '"reopen"'),
        ('update_settings(\'{"reopen_mode": "again"}\')', "SL027", '"again"'),
        ("update_settings('{\"at_risk_percent\": 0}')", "SL027", "at_risk_percent 0"),
        ('update_settings(\'{"import_after": "-1 hour"}\')', "SL027", "import_after"),
        ('update_settings(\'{"timezone": "CEST"}\')', "SL027", '"CEST"'),
        ("delete_policy(%(silver)s, %(silver)s)", "SL026", "itself"),
        ("delete_policy(%(nobody)s)", "SL015", str(NOBODY)),
        ("delete_schedule(%(nobody)s)", "SL001", str(NOBODY)),
        ("delete_status(%(nobody)s)", "SL023", str(NOBODY)),
        ("delete_priority(%(normal)s, %(nobody)s)", "SL023", str(NOBODY)),
        ("delete_priority(%(normal)s)", "SL019", "policy Gold"),
        ("configure_itil(%(nobody)s)", "SL012", str(NOBODY)),
    ],
)
def test_what_is_wrong_is_named(desk: Desk, call: str, state: str, words: str) -> None:
    things = {
        "silver": policy(desk, "Silver"),
        "normal": priority(desk, "Normal"),
        "desk": desk.named("helpdesk.boards", "Desk"),
        "ann": desk.named("helpdesk.users", "Ann"),
        "nobody": NOBODY,
        "days_1_and_7": Jsonb([{"day_of_week": [1, 7], "start_time": "09:00", "end_time": "10:00"}]),
        "mon": Jsonb([{"day_of_week": "Mon", "start_time": "09:00", "end_time": "10:00"}]),
    }
    with pytest.raises(psycopg.Error) as refusal:
        desk.db.execute(f"select sla.{call}".encode(), things)
    assert refusal.value.sqlstate == state
    assert words in str(refusal.value.diag.message_primary)
    assert refusal.value.diag.message_hint


def test_hours_are_replaced_and_what_stays_is_not_touched(desk: Desk) -> None:
    office = desk.named("sla.schedules", "Office")
    desk.at("Mon 09:00")
    ticket = desk.enter()
    before = desk.value("select count(*) from sla.configuration_history")
    entries = [
        {"day_of_week": [2, 3, 4, 5], "start_time": "09:00", "end_time": "17:00"},
        {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"},
        {"day_of_week": 1, "start_time": "13:00", "end_time": "18:00"},
    ]
    for _ in range(2):
        desk.db.execute("select sla.update_schedule(%s, %s)", [office, Jsonb({"entries": entries})])
    assert desk.value("select count(*) from sla.configuration_history") == before + 3
    assert desk.resolution(ticket).due_at == when("Mon 18:00")


def test_holidays_are_updated_never_doubled(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    office = desk.named("sla.schedules", "Office")
    strike = [{"holiday_date": "2026-02-02", "name": "Strike", "start_time": "12:00", "end_time": "14:00"}]
    assert desk.value("select sla.set_holidays(%s, %s)", office, Jsonb(strike)) == 1
    assert desk.value("select sla.set_holidays(%s, %s)", office, Jsonb(strike)) == 0
    assert desk.resolution(ticket).due_at == when("Tue 11:00")
    strike[0]["end_time"] = "13:00"
    assert desk.value("select sla.set_holidays(%s, %s)", office, Jsonb(strike)) == 1
    assert desk.resolution(ticket).due_at == when("Tue 10:00")
    assert desk.value("select sla.remove_holidays(null, '{2026-02-02}')") == 0
    assert desk.value("select sla.remove_holidays(%s, '{2026-02-02}')", office) == 1
    assert desk.resolution(ticket).due_at == when("Mon 17:00")


def test_pause_statuses_are_exactly_those(desk: Desk) -> None:
    desk.at("Mon 09:00")
    new, waiting = desk.enter(), desk.enter(status="Waiting")
    desk.at("Mon 09:20")
    wanted = [status(desk, "New"), status(desk, "Working")]
    assert desk.value("select sla.set_pause_statuses(%s)", wanted) == 3
    assert desk.value("select sla.set_pause_statuses(%s)", wanted) == 0
    assert (desk.response(new).state, desk.response(waiting).state) == ("paused", "running")
    assert desk.value("select sla.set_pause_statuses('{}')") == 2
    assert desk.response(new).state == "running"


def test_escalation_managers(desk: Desk) -> None:
    board, ann = desk.named("helpdesk.boards", "Lab"), desk.named("helpdesk.users", "Ann")
    for via in (["in_app"], ["email"]):
        desk.db.execute("select sla.set_escalation_manager(%s, 2, %s, %s)", [board, ann, via])
    rows = desk.rows("select level, notify_via from sla.escalation_managers where board_id = %s", board)
    assert [tuple(row) for row in rows] == [(2, ["email"])]
    assert desk.value("select sla.remove_escalation_manager(%s, 2)", board) is True
    assert desk.value("select sla.remove_escalation_manager(%s, 2)", board) is False


def test_settings_act_at_once(desk: Desk) -> None:
    ticket = desk.enter(response_state="awaiting_client")
    desk.db.execute("select sla.update_settings('{\"pause_on_awaiting_client\": false}')")
    assert desk.response(ticket).state == "running"
    [row] = desk.rows("select * from sla.settings")
    assert (row.reopen_mode, row.at_risk_percent) == ("continue", 75)


def test_what_belongs_to_another_tenant_is_unknown_and_left_alone(desk: Desk) -> None:
    tenant = uuid4()
    gold, silver = policy(desk, "Gold"), policy(desk, "Silver")
    office, normal = desk.named("sla.schedules", "Office"), priority(desk, "Normal")
    ours = """
        select status_id from sla.status_pause_config
        union select policy_id from sla.policies where is_default order by 1
    """
    before = desk.rows(ours)
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [tenant])
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    for call, state in (
        (f"update_policy('{gold}', '{{}}')", "SL015"),
        (f"delete_policy('{silver}')", "SL015"),
        (f"set_threshold('{gold}', 50)", "SL015"),
        (f"preview_recalculation('{gold}')", "SL015"),
        (f"update_schedule('{office}', '{{}}')", "SL001"),
        (f"set_holidays('{office}', '[]')", "SL001"),
        (f"delete_schedule('{office}')", "SL001"),
        (f"delete_priority('{normal}')", "SL023"),
    ):
        assert refused(desk, f"select sla.{call}")[0] == state
    desk.db.execute("select sla.set_pause_statuses('{}'), sla.set_default_policy(null)")
    desk.db.execute("select sla.remove_holidays(null, '{2026-02-02}')")
    assert desk.rows(ours) == before
