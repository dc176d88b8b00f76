"""`slapg notifications list|show|retry`."""

import json
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from slapg.cli.options import console
from tests.notifications.conftest import Outbox, Slapg


def numbers(slapg: Slapg, *options: str) -> list[int]:
    listed = slapg("notifications", "list", "--json", *options)
    assert listed.exit_code == 0, listed.stderr
    return [entry["notification_id"] for entry in listed.json]


def test_the_list_is_of_what_was_not_delivered_the_newest_first(outbox: Outbox, slapg: Slapg) -> None:
    waiting, dead = outbox.row(), outbox.dead(channel="ops")
    sent, dropped = outbox.row(state="sent"), outbox.row(state="dropped", last_error="the clock has ended")
    assert numbers(slapg) == [dead, waiting]
    assert numbers(slapg, "--limit", "1") == [dead]
    assert numbers(slapg, "--channel", "email") == [waiting]
    assert numbers(slapg, "--state", "sent") == [sent]
    assert numbers(slapg, "--state", "dropped", "--channel", "email") == [dropped]
    assert slapg("notifications", "list", "--state", "lost").exit_code == 2


def test_the_list_shows_the_error(outbox: Outbox, slapg: Slapg) -> None:
    number = outbox.dead("550 5.1.1 [red]no such user[/red]")
    lines = [" ".join(line.split()) for line in slapg("notifications", "list").stdout.splitlines()]
    assert lines == [
        "number state tries written (UTC) ticket message, and what went wrong",
        f"{number} dead 3 2026-02-02 09:00 T-1 warning by email to Anna",
        "550 5.1.1 [red]no such user[/red]",
    ]


def test_a_narrow_terminal_cuts_nothing_off(
    outbox: Outbox, slapg: Slapg, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = outbox.dead("550 5.1.1 no such user here, and none of that name elsewhere either")
    monkeypatch.setattr(console, "_width", 76)
    told = " ".join(slapg("notifications", "list").stdout.split())
    for part in (str(number), "2026-02-02 09:00", "dead"):
        assert part in told
    for word in ("warning", "Anna", "550", "none", "elsewhere", "either"):
        assert f" {word}" in told


def test_an_empty_list(slapg: Slapg) -> None:
    assert slapg("notifications", "list").stdout == "no notification is pending or dead\n"
    assert slapg("notifications", "list", "--json").json == []


def test_another_tenants_are_not_seen(outbox: Outbox, slapg: Slapg) -> None:
    number = outbox.dead()
    outbox.db.execute("insert into helpdesk.tenants (tenant_id, name) values (gen_random_uuid(), 'Other')")
    other = outbox.value("select tenant_id from helpdesk.tenants where name = 'Other'")
    options = {"PGOPTIONS": f"-c slapg.tenant_id={other}"}
    assert slapg("notifications", "list", **options).stdout == "no notification is pending or dead\n"
    assert slapg("notifications", "show", str(number), **options).exit_code == 1
    assert slapg("notifications", "retry", str(number), **options).exit_code == 1
    assert outbox.value("select state from sla.notifications") == "dead"


def test_show_has_the_row_and_its_message(outbox: Outbox, slapg: Slapg) -> None:
    number = outbox.dead("550 no such user")
    answer = slapg("notifications", "show", str(number))
    assert answer.exit_code == 0, answer.stderr
    facts = [" ".join(line.split()) for line in answer.stdout.splitlines()]
    assert facts[:8] == [
        f"notification {number}",
        "ticket T-1: Printer on fire",
        "message warning by email",
        "to Anna <anna@example.com>",
        "state dead",
        "attempts 3",
        "written 2026-02-02 09:00:00 UTC",
        "error 550 no such user",
    ]
    assert "T-1" in facts[8]
    assert "Printer on fire" in facts[8]
    shown = slapg("notifications", "show", str(number), "--json").json
    assert (shown["state"], shown["last_error"]) == ("dead", "550 no such user")
    assert "Printer on fire" in shown["message"]["subject"]
    assert "Anna" in shown["message"]["text"]
    assert shown["message"]["html"].startswith("<!doctype html>")


def test_show_is_in_the_recipients_language(outbox: Outbox, slapg: Slapg) -> None:
    number = outbox.row()
    english = slapg("notifications", "show", str(number), "--json").json["message"]["subject"]
    outbox.db.execute("select sla.set_recipient_preferences(user_id, null, 'de') from helpdesk.users")
    german = slapg("notifications", "show", str(number), "--json").json["message"]["subject"]
    assert english != german


def test_show_uses_the_templates_of_ones_own(outbox: Outbox, slapg: Slapg, tmp_path: Path) -> None:
    number = outbox.row()
    (tmp_path / "warning.txt").write_text("From a file")
    shown = slapg("notifications", "show", str(number), "--json", "--templates-dir", str(tmp_path)).json
    assert shown["message"]["subject"].startswith("From a file")
    outbox.db.execute("select sla.set_message_template('warning', 'From a row')")
    shown = slapg("notifications", "show", str(number), "--json", "--templates-dir", str(tmp_path)).json
    assert shown["message"]["subject"].startswith("From a row")


def test_show_says_which_template_failed(outbox: Outbox, slapg: Slapg) -> None:
    number = outbox.row()
    outbox.db.execute("select sla.set_message_template('warning', '{{ no_such_word }}')")
    answer = slapg("notifications", "show", str(number))
    assert answer.exit_code == 0
    assert "no_such_word" in answer.stdout
    assert "T-1" in answer.stdout


def test_show_has_the_event_that_a_webhook_gets(outbox: Outbox, slapg: Slapg) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", "https://hooks.example.com")
    number = outbox.row(channel="ops")
    shown = slapg("notifications", "show", str(number), "--json").json
    assert shown["message"]["event"]["type"] == "TICKET_SLA_THRESHOLD_REACHED"
    text = slapg("notifications", "show", str(number)).stdout
    assert json.loads(text[text.index("{") :]) == shown["message"]["event"]


def test_an_unknown_number(slapg: Slapg) -> None:
    answer = slapg("notifications", "show", "12345")
    assert (answer.exit_code, answer.stderr.splitlines()[0]) == (1, "no notification has the number 12345")


def test_retry_by_number(outbox: Outbox, slapg: Slapg) -> None:
    first, second, third = outbox.dead(), outbox.dead(), outbox.dead()
    answer = slapg("notifications", "retry", str(first), str(third))
    assert (answer.exit_code, answer.stdout) == (0, "2 notifications will be tried again\n")
    assert outbox.value(
        "select array_agg(notification_id order by notification_id) from sla.notifications "
        "where state = 'pending' and attempts = 0 and next_attempt_at <= sla.now()"
    ) == [first, third]
    assert numbers(slapg, "--state", "dead") == [second]


def test_retry_says_what_was_not_dead(outbox: Outbox, slapg: Slapg) -> None:
    dead, sent, other = outbox.dead(), outbox.row(state="sent"), outbox.dead(channel="ops")
    answer = slapg(
        "notifications", "retry", *map(str, (sent, dead, other, 999)), "--channel", "email", "--json"
    )
    assert answer.exit_code == 1
    assert answer.json == {
        "retried": 1,
        "not_retried": {str(sent): "sent", str(other): "of channel ops", "999": "unknown"},
    }
    assert numbers(slapg, "--state", "dead") == [other]


def test_retry_all(outbox: Outbox, slapg: Slapg) -> None:
    mail, hook = outbox.dead(), outbox.dead(channel="ops")
    assert slapg("notifications", "retry", "--all", "--channel", "ops").stdout.startswith(
        "1 notification will"
    )
    assert numbers(slapg, "--state", "pending") == [hook]
    assert slapg("notifications", "retry", "--all").exit_code == 0
    assert numbers(slapg, "--state", "pending") == [hook, mail]
    nothing = slapg("notifications", "retry", "--all")
    assert (nothing.exit_code, nothing.stdout) == (0, "0 notifications will be tried again\n")


def test_readers_look_and_listeners_retry(outbox: Outbox, slapg: Slapg, db_url: str) -> None:
    number = str(outbox.dead())
    outbox.db.execute("select sla.set_message_template('warning', 'My own words')")
    role = f"onlooker_{outbox.db.info.dbname}"
    login = {"SLAPG_DSN": make_conninfo(db_url, user=role)}
    outbox.db.execute(f"create role {role} login in role slapg_reader".encode())
    try:
        assert len(slapg("notifications", "list", "--json", **login).json) == 1
        shown = slapg("notifications", "show", number, "--json", **login).json
        assert shown["message"]["subject"].startswith("My own words")
        assert slapg("channel", "list", **login).exit_code == 0
        refused = slapg("notifications", "retry", number, **login)
        assert (refused.exit_code, "permission denied" in refused.stderr) == (1, True)
        outbox.db.execute(f"grant slapg_listener to {role}".encode())
        assert slapg("notifications", "retry", number, **login).exit_code == 0
    finally:
        outbox.db.execute(f"drop role {role}".encode())


@pytest.mark.parametrize("words", [(), ("1", "--all")])
def test_retry_wants_numbers_or_all(slapg: Slapg, words: tuple[str, ...]) -> None:
    assert slapg("notifications", "retry", *words).exit_code == 2
