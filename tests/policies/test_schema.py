"""The JSON Schema says what the reader of the files says."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from slapg.policies import load, parse
from slapg.policies.applying import understand
from slapg.policies.problems import PolicyFileError
from slapg.policies.schema import generated_schema, schema_text

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "policies").glob("*.yaml"))


def as_json(data: Any) -> Any:
    """As an editor sees it: in JSON every key is a text."""
    return json.loads(json.dumps(data))


def test_shipped_schema_is_the_one_of_the_model() -> None:
    assert json.loads(schema_text()) == json.loads(generated_schema()), (
        "python -m slapg.policies.schema > slapg/policies/policy.schema.json"
    )


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_valid_and_name_the_schema(path: Path) -> None:
    document = load(path)
    jsonschema.validate(as_json(document.data), json.loads(schema_text()))
    understand(document)
    first = path.read_text().partition("\n")[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).read_text() == schema_text()


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("policies: {A: {targets: {P: {response: 1h 30m}}}}", True),
        ("policies: {A: {targets: {P: {response: 90}}}}", False),
        ("policies: {A: {targets: {P: {response: 1d}}}}", False),
        ("policies: {A: {targets: {P: {escalation_percents: [70, null, 110]}}}}", True),
        ("policies: {A: {targets: {P: {escalation_percents: [1, 2, 3, 4]}}}}", False),
        ("policies: {A: {thresholds: {50: {notify: []}}}}", True),
        ("policies: {A: {thresholds: {0: {notify: []}}}}", False),
        ("policies: {A: {thresholds: {half: {notify: []}}}}", False),
        ("boards: {A: {escalation_managers: {4: {manager: x}}}}", False),
        ("schedules: {A: {entries: [{days: 'sat-mon, wed', hours: '22:00-06:00, 12:00-13:00'}]}}", True),
        ("schedules: {A: {entries: [{days: monday, hours: '09:00-17:00'}]}}", False),
        ("schedules: {A: {entries: [{days: mon, hours: 9-17}]}}", False),
        ("schedules: {A: {entries: [{days: mon}]}}", False),
        ("schedules: {A: {entries: [{days: mon, hours: '09:00-17:00', valid_from: 2026-06-01}]}}", True),
        ("holidays: [{date: 12-25, name: x}, {date: 2026-12-25, name: x}]", True),
        ("holidays: [{date: 25 Dec, name: x}]", False),
        ("settings: {import_after: 1h 10s, reopen_mode: ignore}", True),
        ("settings: {import_after: ''}", False),
        ("setting: {}", False),
    ],
)
def test_editors_and_slapg_agree(text: str, is_right: bool) -> None:
    document = parse(text.encode(), "desk.yaml")
    assert (
        jsonschema.Draft202012Validator(json.loads(schema_text())).is_valid(as_json(document.data))
        is is_right
    )
    if is_right:
        understand(document)
    else:
        with pytest.raises(PolicyFileError):
            understand(document)
