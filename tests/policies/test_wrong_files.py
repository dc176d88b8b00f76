"""A wrong file names line, column and key, says what was expected, and changes nothing."""

from typing import Any

import psycopg
import pytest

from slapg.errors import SlapgError
from slapg.policies import PolicyFileError, parse
from slapg.policies.applying import understand
from tests.policies.conftest import Apply, Export

SHAPES = [
    ("", (1, 1), "the file says nothing"),
    ("[]", (1, 1), "expected keys with values, found a list"),
    (
        "a: [",
        (1, 5),
        "is not YAML: while parsing a flow node expected the node content, but found '<stream end>'",
    ),
    ("a: &x [*x]", (1, 4), "is not YAML: an anchor stands inside itself"),
    (
        "settings: {}\n---\nsettings: {}\n",
        (2, 1),
        "is not YAML: expected a single document in the stream but found another document",
    ),
    ("policies:\n  A: {}\n  A: {}\n", (3, 3), 'is not YAML: "A" stands here twice'),
    ("policies: {1.5: {}}", (1, 12), "is not YAML: a key must be a name"),
    ("polices: {}", (1, 1), "polices: is no key of a policy file here"),
    ("policies:\n", (1, 1), "policies: expected names with what they stand for, found nothing"),
    (
        "policies: {7: {}}",
        (1, 12),
        "policies > 7: expected text (in quotes if it reads as something else), found 7",
    ),
    ("policies: {A: {is_default: 1}}", (1, 28), "policies > A > is_default: expected true or false, found 1"),
    (
        "priorities: {A: {rank: high}}",
        (1, 24),
        'priorities > A > rank: expected a whole number, found "high"',
    ),
    ("priorities: {A: {rank: true}}", (1, 24), "priorities > A > rank: expected a whole number, found true"),
    (
        "settings: {at_risk_percent: 0}",
        (1, 29),
        "settings > at_risk_percent: expected a number from 1 on, found 0",
    ),
    (
        "settings: {reopen_mode: again}",
        (1, 25),
        "settings > reopen_mode: expected 'continue', 'restart' or 'ignore', found \"again\"",
    ),
    (
        "settings: {locale: German}",
        (1, 20),
        'settings > locale: expected a language such as de or pt_BR, found "German"',
    ),
    (
        "settings: {digest_after: 0}",
        (1, 26),
        "settings > digest_after: expected a number from 1 on, found 0",
    ),
    (
        "settings: {import_after: 1 day}",
        (1, 26),
        'settings > import_after: expected a time such as 24h or 1h 30m, found "1 day"',
    ),
    (
        "policies: {A: {targets: {P: {response: 60}}}}",
        (1, 40),
        "policies > A > targets > P > response: expected business time such as 4h, 30m or 1h 30m, found 60",
    ),
    (
        "policies: {A: {targets: {P: {escalation_percents: [1, 2, 3, 4]}}}}",
        (1, 51),
        "policies > A > targets > P > escalation_percents: expected at most 3 of them, found a list",
    ),
    (
        "policies: {A: {thresholds: {0: {}}}}",
        (1, 29),
        "policies > A > thresholds > 0: expected a number from 1 on, found 0",
    ),
    (
        "policies: {A: {thresholds: {50: {notify: [all]}}}}",
        (1, 43),
        "policies > A > thresholds > 50 > notify > 1: expected 'assignee', 'board_manager' or "
        "'escalation_manager', found \"all\"",
    ),
    (
        "boards: {A: {escalation_managers: {1: {}}}}",
        (1, 39),
        "boards > A > escalation_managers > 1 > manager: is missing",
    ),
    (
        "holidays: [{date: 02-30, name: x}]",
        (1, 19),
        "holidays > 1 > date: expected a date such as 2026-04-03, or month and day such as "
        '12-25 for every year, found "02-30"',
    ),
    (
        "holidays: [{date: 2026-02-29, name: x}]",
        (1, 19),
        "holidays > 1 > date: expected a date such as 2026-04-03, or month and day such as "
        '12-25 for every year, found "2026-02-29"',
    ),
    (
        "policies: {A: {is_default: true}, B: {is_default: true}}",
        (1, 51),
        'policies > B > is_default: expected one default, and "A" is it',
    ),
    (
        "schedules: {A: {entries: [{days: fr, hours: 9:00-10:00}]}}",
        (1, 34),
        "schedules > A > entries > 1 > days: expected days such as mon-fri or mon, wed, sat "
        'of mon, tue, wed, thu, fri, sat, sun, found "fr"',
    ),
]
HOURS = ["9-17", "09:00", "24:00-25:00", "24:00-01:00", "09:00-24:01", "09:00-17:60", "", ",", "09:00-17:00,"]


@pytest.mark.parametrize(("text", "place", "words"), SHAPES)
def test_what_is_wrong_is_named_and_where(
    apply_text: Apply, text: str, place: tuple[int, int], words: str
) -> None:
    with pytest.raises(PolicyFileError) as refusal:
        apply_text(text)
    assert refusal.value.message == f"desk.yaml, line {place[0]}, column {place[1]}: {words}"
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize("hours", HOURS)
def test_hours_that_are_none(hours: str) -> None:
    text = f'schedules: {{A: {{entries: [{{days: mon, hours: "{hours}"}}]}}}}'
    with pytest.raises(PolicyFileError, match=r"entries > 1 > hours: expected hours such as 09:00-17:00"):
        understand(parse(text.encode(), "desk.yaml"))


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(PolicyFileError, match=r"desk.yaml, line 2, column 1: is not UTF-8 text"):
        parse(b"a: 1\nb: \xff", "desk.yaml")


def test_every_problem_is_named_in_the_order_of_the_file(apply_text: Apply) -> None:
    with pytest.raises(PolicyFileError) as refusal:
        apply_text("settings:\n  timezon: x\npolicies:\n  A:\n    is_default: 0\npriorities: 1\n")
    assert [problem.position.line for problem in refusal.value.problems] == [2, 5, 6]


def test_anchors_and_merges_are_understood_and_located() -> None:
    text = (
        "x: &hours\n  - {days: mon, hours: 9}\nschedules:\n  A: &a {entries: *hours}\n  B: {<<: *a, x: 1}\n"
    )
    with pytest.raises(PolicyFileError) as refusal:
        understand(parse(text.encode(), "desk.yaml"))
    assert [(str(p.path[0]), p.position.line) for p in refusal.value.problems] == [
        ("x", 1),
        ("schedules", 2),
        ("schedules", 2),
        ("schedules", 5),
    ]


def test_names_that_lead_nowhere(apply_text: Apply, exported: Export, people: None) -> None:
    before = exported()
    with pytest.raises(PolicyFileError) as refusal:
        apply_text(
            """
priorities: {High: {}}
policies:
  Gold:
    schedule: Office
    targets: {Hihg: {response: 1h}}
pausing_statuses: [Parts]
boards:
  Desk: {policy: Gold, manager: bea@example.org, pausing_statuses: [Parts]}
  Attic: {pausing_statuses: [Parts]}
clients: {Acme: {policy: Silver}}
"""
        )
    assert [str(problem) for problem in refusal.value.problems] == [
        'line 5, column 15: policies > Gold > schedule: no schedule is named "Office"',
        'line 6, column 15: policies > Gold > targets > Hihg: no priority is named "Hihg"',
        'line 7, column 20: pausing_statuses > 1: no status is named "Parts"; there are New, Waiting',
        'line 9, column 33: boards > Desk > manager: no user is named "bea@example.org"',
        'line 9, column 69: boards > Desk > pausing_statuses > 1: no status is named "Parts"',
        'line 10, column 3: boards > Attic: no board is named "Attic"; there are Desk, Lab',
        'line 11, column 26: clients > Acme > policy: no policy is named "Silver"',
    ]
    assert refusal.value.exit_code == 1
    assert exported() == before


def test_a_name_that_is_nearly_right(apply_text: Apply, people: None) -> None:
    with pytest.raises(PolicyFileError, match=r'no client is named "Acne"; is "Acme" meant\?'):
        apply_text("clients: {Acne: {}}")


def test_a_name_that_two_have(db: psycopg.Connection[Any], apply_text: Apply, people: None) -> None:
    db.execute("insert into helpdesk.clients (name) values ('Acme')")
    with pytest.raises(PolicyFileError, match='2 clients are named "Acme"'):
        apply_text("clients: {Acme: {}}")


def test_what_a_file_could_not_tell_apart_is_not_exported(
    db: psycopg.Connection[Any], exported: Export
) -> None:
    db.execute("insert into helpdesk.priorities (name) values ('High'), ('High')")
    with pytest.raises(SlapgError, match='priorities named "High" cannot be told apart in a file'):
        exported()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "schedules:\n  A:\n    timezone: Mars\n",
            'line 3, column 5: schedules > A: schedule "A" has an unknown time zone: "Mars" [SL003]',
        ),
        (
            "settings: {timezone: Mars}",
            'line 1, column 11: settings: setting timezone "Mars": it is an IANA name such as'
            " Europe/Amsterdam [SL027]",
        ),
        (
            "priorities: {P: {}}\npolicies: {A: {targets: {P: {response: 0m}}}}",
            'line 2, column 29: policies > A > targets > P: policy "A", priority "P": a target of 0 minutes'
            " cannot be kept [SL017]",
        ),
        (
            "policies: {A: {thresholds: {50: {channels: []}}}}",
            'line 1, column 33: policies > A > thresholds > 50: policy "A": the threshold at 50 % names no'
            " channel, or an empty one [SL018]",
        ),
        (
            "schedules: {A: {entries: [{days: mon, hours: '09:00-09:00'}]}}",
            "line 1, column 27: schedules > A > entries > 1: entry Monday 09:00-09:00 has equal ends [SL004]",
        ),
        (
            'policies: {A: {description: "a\\0b"}}',
            "line 1, column 15: policies > A: PostgreSQL text fields cannot contain NUL (0x00) bytes",
        ),
    ],
)
def test_what_the_database_refuses_is_said_with_its_place(
    apply_text: Apply, exported: Export, text: str, words: str
) -> None:
    before = exported()
    with pytest.raises(PolicyFileError) as refusal:
        apply_text(text)
    assert refusal.value.message == f"desk.yaml, {words}"
    assert refusal.value.exit_code == 1
    assert exported() == before
