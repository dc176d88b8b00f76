"""Whatever the file holds, it is understood or refused in words; nothing else ever happens."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slapg.policies import Document, PolicyFileError, parse
from slapg.policies.applying import understand
from slapg.policies.problems import Problem
from tests.policies.strategies import files

TOKENS = [
    "a",
    ":",
    " ",
    "\n",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&x ",
    "*x",
    "<<: ",
    "!!int ",
    "!t ",
    "? ",
    "|",
    "'",
    '"',
    "#",
    "~",
    "12",
    "---",
]
junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=3)
    ),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=2)
    ),
    max_leaves=4,
)


def is_understood_or_refused(document: Callable[[], Document]) -> None:
    problems: list[Problem] = []
    try:
        understand(document())
    except PolicyFileError as error:
        problems = error.problems
    assert all(problem.position.line >= 1 and problem.words for problem in problems)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40), st.lists(st.sampled_from(TOKENS), max_size=12).map("".join).map(str.encode)
    )
)
@example(b"[" * 5000)
@example(b"a: !!int x")
@example(b"a: !!bool maybe")
@example(b"a: !!float []")
@example(b"%YAML 9.9\n---\na: 1")
@example(b"\x00")
def test_any_bytes(content: bytes) -> None:
    is_understood_or_refused(lambda: parse(content, "desk.yaml"))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(wanted=files(), thing=junk, data=st.data())
def test_any_value_in_the_place_of_another(wanted: dict[str, Any], thing: Any, data: st.DataObject) -> None:
    node: Any = wanted
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = thing
            break
        node = node[key]
    is_understood_or_refused(lambda: Document("desk.yaml", wanted, None))
