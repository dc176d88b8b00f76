"""`slapg channel list|set|remove`."""

from typing import Any

import psycopg

from tests.notifications.conftest import Outbox, Slapg

URL = "https://hooks.example.com/sla"


def configured(db: psycopg.Connection[Any], channel: str) -> Any:
    return db.execute(
        """
        select kind, url, sender, signing_secret, max_attempts, is_enabled from sla.channels
        where channel = %s
        """,
        [channel],
    ).fetchone()


def test_a_channel_is_configured(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    answer = slapg(
        "channel", "set", "ops", "--kind", "webhook", "--url", URL, "--signing-secret", "${env:OPS}"
    )
    assert (answer.exit_code, answer.stdout) == (0, f"channel ops configured: webhook {URL}\n")
    assert configured(db, "ops") == ("webhook", URL, None, "${env:OPS}", 3, True)


def test_what_is_not_named_stays(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", URL, "--signing-secret", "${env:OPS}")
    slapg("channel", "set", "ops", "--max-attempts", "5", "--disabled")
    assert configured(db, "ops") == ("webhook", URL, None, "${env:OPS}", 5, False)
    slapg("channel", "set", "ops", "--signing-secret", "", "--enabled", "--kind", "webhook")
    assert configured(db, "ops") == ("webhook", URL, None, None, 5, True)


def test_another_kind_is_another_channel(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", URL, "--signing-secret", "${env:OPS}")
    answer = slapg("channel", "set", "ops", "--kind", "email", "--sender", "SLA <sla@example.com>")
    assert answer.exit_code == 0, answer.stderr
    assert configured(db, "ops") == ("email", None, "SLA <sla@example.com>", None, 3, True)


def test_a_new_one_needs_a_kind(slapg: Slapg) -> None:
    answer = slapg("channel", "set", "ops", "--url", URL)
    assert answer.exit_code == 2
    assert "its kind is needed" in answer.stderr
    assert slapg("channel", "set", "ops", "--kind", "pigeon").exit_code == 2


def test_a_plain_secret_is_refused_and_not_repeated(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    answer = slapg("channel", "set", "ops", "--kind", "redis", "--url", "redis://:hunter2@localhost/0")
    assert answer.exit_code == 1
    assert "plain words" in answer.stderr
    assert "hunter2" not in answer.stdout + answer.stderr
    assert configured(db, "ops") is None


def test_removed_once(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", URL)
    assert slapg("channel", "remove", "ops").stdout == "channel ops removed\n"
    assert configured(db, "ops") is None
    again = slapg("channel", "remove", "ops")
    assert (again.exit_code, again.stderr.splitlines()[0]) == (1, "no channel ops is configured")


def test_the_list_has_what_is_configured_implied_or_only_named(outbox: Outbox, slapg: Slapg) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", URL, "--signing-secret", "${env:OPS}")
    slapg("channel", "set", "chat", "--kind", "apprise", "--url", "${env:CHAT}", "--disabled")
    outbox.db.execute(
        """
        select sla.create_policy('Gold');
        select sla.set_threshold(policy_id, 75, p_channels => '{in_app,ops,pager}') from sla.policies
        where name = 'Gold'
        """
    )
    outbox.row(channel="pager")
    outbox.dead(channel="ops")
    outbox.dead(channel="ops")
    outbox.row(channel="in_app", state="sent")
    lines = slapg("channel", "list", "--json").json
    told = [
        (line["channel"], line["kind"], line["is_enabled"], line["is_used"], line["pending"], line["dead"])
        for line in lines
    ]
    assert told == [
        ("chat", "apprise", False, False, 0, 0),
        ("email", "email", True, False, 0, 0),
        ("in_app", "in_app", True, True, 0, 0),
        ("ops", "webhook", True, True, 0, 2),
        ("pager", None, True, True, 1, 0),
    ]
    words = [" ".join(line.split()) for line in slapg("channel", "list").stdout.splitlines()]
    assert words == [
        "channel kind goes to pending dead remarks",
        "chat apprise ${env:CHAT} 0 0 disabled, not used",
        "email email the listener's own mail server 0 0 not used",
        "in_app in_app rows for your application 0 0",
        f"ops webhook {URL} 0 2 signed",
        "pager none nowhere 1 0 not configured: its messages wait",
    ]


def test_another_tenants_channels_are_not_seen(db: psycopg.Connection[Any], slapg: Slapg) -> None:
    db.execute(
        """
        insert into helpdesk.tenants (tenant_id, name)
        values ('00000000-0000-0000-0000-0000000000aa', 'Other');
        insert into sla.channels (tenant_id, channel, kind, url)
        values ('00000000-0000-0000-0000-0000000000aa', 'theirs', 'webhook', 'https://other.example.com')
        """
    )
    assert "theirs" not in slapg("channel", "list").stdout
    assert slapg("channel", "remove", "theirs").exit_code == 1
