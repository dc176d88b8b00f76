"""Channels, templates and preferences: what is taken on, and what is refused without a word of a secret."""

from typing import Any
from uuid import UUID

from tests.administration.named import refused
from tests.engine.desk import Desk

SECRET = "hunter2"

ACCEPTED = [
    ("email", None),
    ("email", "smtp://mail.example.com"),
    ("email", "smtps://ann:${env:SMTP_PASSWORD}@mail.example.com:465"),
    ("email", "smtp://${env:SMTP_USER}:${file:smtp-password}@mail.example.com".replace("smtp-", "smtp_")),
    ("email", "smtp://${env:MAIL_HOST}:${env:MAIL_PORT}"),
    ("webhook", "https://hooks.example.com/sla?board=1"),
    ("webhook", "HTTPS://[2001:db8::1]:8443/@desk"),
    ("webhook", "https://${env:TEAMS_HOOK}"),
    ("webhook", "https://hooks.example.com/?api_key=${file:KEY}&monkeys=3"),
    ("redis", "redis://:${env:REDIS}@cache:6379/0?stream=sla"),
    ("redis", "rediss://cache"),
    ("redis", "unix:///run/redis.sock?db=1"),
    ("apprise", "${file:SLACK}"),
    ("apprise", "slack://${env:SLACK_A}/${env:SLACK_B}/#desk"),
    ("apprise", "mailto://ann:${env:PW}@example.com?to=bea@example.com"),
]

PLAIN = [
    ("email", f"smtp://ann:{SECRET}@mail.example.com"),
    ("email", f"smtp://ann:{SECRET}${{env:MORE}}@mail.example.com"),
    ("email", f"smtp://ann:@{SECRET}@mail.example.com"),
    ("webhook", f"https://ann:{SECRET}@hooks.example.com"),
    ("webhook", f"https://hooks.example.com/?token={SECRET}"),
    ("webhook", f"https://hooks.example.com/?board=1&API_KEY={SECRET}"),
    ("webhook", f"https://hooks.example.com/?sig={SECRET}#top"),
    ("webhook", f"https://hooks.example.com/?access_token=a${{env:X}}{SECRET}"),
    ("webhook", f"https://hooks.example.com/?a=b?client_secret={SECRET}"),
    ("redis", f"redis://:{SECRET}@cache"),
    ("redis", f"redis://cache/0?password={SECRET}"),
    ("apprise", f"mailto://ann:{SECRET}@example.com?to=${{env:TO}}"),
    ("apprise", f"pover://${{env:USER}}@desk?token={SECRET}"),
]

IMPOSSIBLE = [
    ("webhook", None),
    ("webhook", ""),
    ("webhook", "ftp://hooks.example.com"),
    ("webhook", "hooks.example.com"),
    ("webhook", "https://"),
    ("webhook", "https:///path"),
    ("webhook", "https://hooks.example.com/a b"),
    ("webhook", "https://hooks.example.com/\r\nX: y"),
    ("webhook", f"https://ann:{SECRET}/more@hooks.example.com"),
    ("webhook", f"https://hooks.example.com/${{env:{SECRET}"),
    ("webhook", f"https://hooks.example.com/${{vault:{SECRET}}}"),
    ("webhook", f"https://hooks.example.com/${{file:../{SECRET}}}"),
    ("email", "https://mail.example.com"),
    ("email", f"smtp://ann:1/{SECRET}@mail.example.com"),
    ("redis", "http://cache"),
    ("apprise", None),
    ("apprise", f"slack://{SECRET}/{SECRET}/#desk"),
    ("apprise", "/etc/${env:X}"),
]

SET = "select sla.set_channel('desk', %s, %s)"


def test_it_can_be_delivered_to(desk: Desk) -> None:
    for kind, url in ACCEPTED:
        desk.db.execute(SET, [kind, url])
        [row] = desk.rows("select * from sla.channels")
        assert (row.kind, row.url, row.max_attempts, row.is_enabled) == (kind, url, 3, True)


def test_no_secret_in_plain_words(desk: Desk) -> None:
    for kind, url in PLAIN:
        state, message = refused(desk, SET, kind, url)
        assert (url, state) == (url, "SL061")
        assert SECRET not in message
    assert desk.rows("select * from sla.configuration_history where table_name = 'sla.channels'") == []


def test_what_nobody_could_deliver_to(desk: Desk) -> None:
    for kind, url in IMPOSSIBLE:
        state, message = refused(desk, SET, kind, url)
        assert (url, state) == (url, "SL060")
        assert SECRET not in message


REFUSED = [
    ("'in_app', 'webhook', 'https://x.example.com'", "SL060", '"in_app"'),
    ("'', 'email'", "SL060", "no name"),
    ("null, 'email'", "SL060", "no name"),
    ("' desk', 'email'", "SL060", "no name"),
    ("'desk', 'pigeon', 'https://x.example.com'", "SL060", '"pigeon"'),
    ("'desk', null, 'https://x.example.com'", "SL060", "kind"),
    ("'desk', 'email', p_max_attempts => 0", "SL060", "max_attempts 0"),
    ("'desk', 'email', p_max_attempts => 21", "SL060", "max_attempts 21"),
    ("'desk', 'email', p_max_attempts => 1000000", "SL060", "max_attempts"),
    ("'desk', 'email', p_sender => 'nobody'", "SL060", "sender"),
    (r"'desk', 'email', p_sender => E'a@b.example\nBcc: c@d.example'", "SL060", "sender"),
    ("'desk', 'webhook', 'https://x.example.com', 'a@b.example'", "SL060", "e-mail only"),
    ("'desk', 'email', p_signing_secret => '${env:A}'", "SL060", "webhooks only"),
    (
        "'desk', 'webhook', 'https://x.example.com', p_signing_secret => 'hunter2'",
        "SL061",
        "signing_secret",
    ),
    (
        "'desk', 'webhook', 'https://x.example.com', p_signing_secret => 'a${env:A}'",
        "SL061",
        "signing_secret",
    ),
]


def test_a_channel_refused(desk: Desk) -> None:
    for arguments, state, words in REFUSED:
        found, message = refused(desk, f"select sla.set_channel({arguments})")
        assert (arguments, found) == (arguments, state)
        assert words in message
        assert SECRET not in message


def test_by_hand_it_is_refused_as_well(desk: Desk) -> None:
    desk.db.execute(SET, ["webhook", "https://hooks.example.com"])
    state, message = refused(desk, f"update sla.channels set url = 'https://a:{SECRET}@hooks.example.com'")
    assert (state, SECRET in message) == ("SL061", False)


def test_set_again_it_is_replaced_whole_and_removed_once(desk: Desk) -> None:
    desk.db.execute(
        "select sla.set_channel('desk', 'webhook', 'https://a.example.com', null, '${file:KEY}', 5, false)"
    )
    desk.db.execute("select sla.set_channel('desk', 'email', null, 'Desk <desk@example.com>')")
    [row] = desk.rows("select * from sla.channels")
    assert (row.kind, row.url, row.sender) == ("email", None, "Desk <desk@example.com>")
    assert (row.signing_secret, row.max_attempts, row.is_enabled) == (None, 3, True)
    assert desk.value("select sla.remove_channel('desk')") is True
    assert desk.value("select sla.remove_channel('desk')") is False


def test_a_changed_channel_wakes_the_listener(desk: Desk) -> None:
    desk.db.execute("select sla.set_channel('email', 'email', p_is_enabled => false)")
    desk.db.execute("listen slapg")
    for change in ("set_channel('email', 'email')", "remove_channel('email')"):
        desk.db.execute(f"select sla.{change}".encode())
        hints = list(desk.db.notifies(timeout=0.5, stop_after=1))
        assert [(hint.channel, hint.payload) for hint in hints] == [("slapg", "")]


def version(desk: Desk) -> int:
    return int(desk.value("select config_version from sla.settings"))


def test_templates_are_set_by_language_and_loaded_by_the_listener(desk: Desk, connect: Any) -> None:
    before = version(desk)
    desk.db.execute("select sla.set_message_template('warning', 'Soon {{ ticket_number }}')")
    desk.db.execute("select sla.set_message_template('warning', 'Bald', 'de')")
    desk.db.execute("select sla.set_message_template('layout.html', '<p>{{ body }}</p>', 'pt_BR')")
    assert version(desk) > before
    desk.db.execute("select sla.set_message_template('warning', 'Soon')")
    tenant = desk.value("select helpdesk.current_tenant()")
    role = f"relay_{desk.db.info.dbname}"
    desk.db.execute(f"create role {role} login in role slapg_listener".encode())
    try:
        listener = connect(user=role)
        load = "select * from sla.load_message_templates(%s) order by 1, 2"
        assert listener.execute(load, [tenant]).fetchall() == [
            ("layout.html", "pt_BR", "<p>{{ body }}</p>"),
            ("warning", "", "Soon"),
            ("warning", "de", "Bald"),
        ]
        assert listener.execute(load, [UUID(int=7)]).fetchall() == []
        listener.close()
    finally:
        desk.db.execute(f"drop role {role}".encode())
    assert desk.value("select sla.remove_message_template('warning')") is True
    assert desk.value("select sla.remove_message_template('warning')") is False
    assert desk.value("select sla.remove_message_template('warning', 'de')") is True


def test_a_template_refused(desk: Desk) -> None:
    for arguments, words in (
        ("'warnings', 'x'", '"warnings"'),
        (r"'warning', E' \n'", "says nothing"),
        ("'warning', null", "says nothing"),
        ("'warning', 'x', 'German'", '"German"'),
        ("'warning', 'x', '../de'", '"../de"'),
    ):
        state, message = refused(desk, f"select sla.set_message_template({arguments})")
        assert state == "SL062"
        assert words in message


def test_preferences_are_set_replaced_and_forgotten(desk: Desk) -> None:
    ann, office = desk.named("helpdesk.users", "Ann"), desk.named("sla.schedules", "Office")
    prefer = "select sla.set_recipient_preferences(%s, %s, %s)"
    desk.db.execute(prefer, [ann, office, "pt_BR"])
    desk.db.execute(prefer, [ann, office, None])
    [row] = desk.rows("select user_id, schedule_id, locale from sla.recipient_preferences")
    assert tuple(row) == (ann, office, None)
    desk.db.execute(prefer, [ann, None, None])
    assert desk.rows("select * from sla.recipient_preferences") == []
    assert refused(desk, prefer, UUID(int=0), office, None)[0] == "SL023"
    assert refused(desk, prefer, ann, UUID(int=0), None)[0] == "SL001"
    assert refused(desk, prefer, ann, None, "DE")[0] == "SL063"


def test_deleting_a_person_waits_for_no_ticket(desk: Desk, connect: Any) -> None:
    """What he preferred goes with him, and that is no change of the configuration to queue for."""
    desk.db.execute(
        "select sla.set_recipient_preferences(%s, null, 'de')", [desk.named("helpdesk.users", "Max")]
    )
    desk.db.execute("delete from sla.escalation_managers")
    other = connect(autocommit=False)
    other.execute("update helpdesk.tickets set title = title where false")  # holds the configuration as it is
    desk.db.execute("set lock_timeout = '2s'")
    desk.db.execute("delete from helpdesk.users where name = 'Max'")
    assert desk.rows("select * from sla.recipient_preferences") == []
    other.rollback()


def test_settings_of_messages(desk: Desk) -> None:
    desk.db.execute("""select sla.update_settings('{"digest_after": null, "locale": "pt_BR"}')""")
    [row] = desk.rows("select digest_after, locale from sla.settings")
    assert tuple(row) == (None, "pt_BR")
    for change, words in (('{"digest_after": 0}', "digest_after 0"), ('{"locale": "Dutch"}', '"Dutch"')):
        state, message = refused(desk, "select sla.update_settings(%s)", change)
        assert (state, words in message) == ("SL027", True)
