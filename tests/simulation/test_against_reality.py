"""A simulation says what would have happened: the same random history under the other terms from the start.

More examples with the environment variable SLAPG_EXAMPLES.
"""

import json
import os
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.history.desks import PRIORITIES, desk
from tests.history.driver import DeskDriver
from tests.history.strategies import histories, swept
from tests.oracle.desk import Desk, Policy, Settings, Target
from tests.oracle.steps import EditTarget, EditThresholds, Transaction

EXAMPLES = max(int(os.environ.get("SLAPG_EXAMPLES", "120")) // 6, 1)
SEVERAL = settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
Rows = dict[tuple[Any, ...], tuple[Any, ...]]

MINUTES = st.sampled_from((15, 60, 240, 480, 1440))


@st.composite
def promises(draw: st.DrawFn) -> dict[str, Target]:
    """Targets of the priorities but one, which nothing is promised for."""
    return {name: Target(draw(MINUTES), draw(MINUTES)) for name in PRIORITIES[:-1]}


def desk_with(targets: dict[str, Target], rules: Settings) -> Desk:
    """A desk whose policies all promise the same, so that only the targets make a difference."""
    policies = {name: Policy(targets, frozenset({50}), "office") for name in ("gold", "silver", "bronze")}
    return desk(policies=policies, default_policy="bronze", settings=rules)


def in_numbers(targets: dict[str, Target]) -> str:
    return json.dumps(
        {
            name: {"response_minutes": target.response, "resolution_minutes": target.resolution}
            for name, target in targets.items()
        }
    )


def lived(db: psycopg.Connection[Any], desk: Desk, history: list[Transaction]) -> DeskDriver:
    driver = DeskDriver.new(db, desk, history[0].now)
    driver.run(history)
    return driver


def clocks(driver: DeskDriver, kind: str, targets: str | None = None) -> Rows:
    """The clocks of all tickets, recorded or simulated: target, due time, outcome."""
    found = driver.db.execute(
        f"""
        select ticket_id, metric, cycle, completed_at, {kind}_target, {kind}_due_at, {kind}_outcome
        from sla.simulate_tickets('2020-01-01', '2030-01-01', %s) where {kind}_outcome is not null
        """.encode(),
        [targets],
    )
    names = {driver.ticket_id(name): name for name in driver.tickets}
    return {(names[row[0]], *row[1:3]): row[3:] for row in found}


def unlike(expected: Rows, found: Rows) -> str:
    return "\n".join(
        f"{key}: {expected.get(key)} would be right, not {found.get(key)}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    )


@SEVERAL
@given(st.data())
def test_other_targets(db: psycopg.Connection[Any], data: st.DataObject) -> None:
    rules = Settings(reopen_mode=data.draw(st.sampled_from(["continue", "restart", "ignore"])))
    old, new = data.draw(promises()), data.draw(promises())
    drawn = data.draw(swept(data.draw(histories(desk_with(old, rules)))))
    history = [
        transaction
        for transaction in drawn
        if not isinstance(transaction.statements[0], EditTarget | EditThresholds)
    ]
    reality = lived(db, desk_with(new, rules), history)
    expected = clocks(reality, "recorded")
    reality.forget()
    past = lived(db, desk_with(old, rules), history)
    found = clocks(past, "simulated", in_numbers(new))
    same = unlike(clocks(past, "recorded"), clocks(past, "simulated"))
    past.forget()
    note(unlike(expected, found) + same)
    assert not same
    assert expected == found
