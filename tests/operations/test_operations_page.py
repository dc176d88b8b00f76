"""docs/operations.md: its SQL runs, its commands exist, its lists are what doctor and sla.health answer."""

import re
from typing import Any

import psycopg

from slapg.cli.app import COMMANDS
from slapg.doctor import examine
from tests.operations.listener_facts import ROOT, metric_families, option_rows
from tests.operations.test_units import RULES

OPTIONS = "| option | variable | default |"
METRICS = "| metric | labels | is |"
PAGE = (ROOT / "docs" / "operations.md").read_text()


def _rows(heading: str) -> list[list[str]]:
    assert heading in PAGE
    rows = PAGE.partition(heading)[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.replace("`", "").strip() for cell in row.split("|")[1:-1]] for row in rows]


def _first_column(heading: str) -> set[str]:
    return {name for row in _rows(heading) for name in row[0].split(" · ")}


def test_the_sql_runs(db: psycopg.Connection[Any]) -> None:
    blocks = re.findall(r"^ *```sql\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        db.execute(block)


def test_the_commands_exist() -> None:
    named = set(re.findall(r"slapg ([a-z]+)\b", PAGE)) & {"migrate", "doctor", "listen", "replay", "verify"}
    assert len(named) == 5
    assert named <= set(COMMANDS)


def test_what_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGE)
    assert "../examples/systemd" in links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_doctors_subjects(db: psycopg.Connection[Any], db_url: str) -> None:
    health = {name.replace("_", " ") for name in _first_column("| check | means |")}
    asked = db.execute("select replace(check_name, '_', ' ') from sla.health").fetchall()
    assert health == {name for (name,) in asked}
    answered = {finding.subject for finding in examine(db_url)}
    jobs = {subject for subject in answered if subject.startswith("job ")}
    assert jobs
    assert _first_column("| subject | looks at | level |") == (answered - jobs - health) | {"job …"}


def test_the_listeners_options() -> None:
    said = {(tuple(names.split(", ")), variable or None) for names, variable, _ in _rows(OPTIONS)}
    assert said == option_rows()


def test_the_listeners_metrics() -> None:
    families = metric_families()
    known = {f"{name}_total" if family.type == "counter" else name for name, family in families.items()}
    assert _first_column(METRICS) - known == {"slapg_build_info"}  # a metric of information has that suffix
    assert known - _first_column(METRICS) == {"slapg_build"}


def test_the_labels_of_the_metrics() -> None:
    for names, labels, _ in _rows(METRICS):
        family = metric_families()[re.sub("_total$|_info$", "", names.split(" · ")[0])]
        used = {label for sample in family.samples for label in sample.labels} - {"le"}
        assert used == {label for label in labels.split(", ") if label}, names


def test_an_advice_for_each_alert() -> None:
    assert [row[0] for row in _rows("| alert | do |")] == [rule["alert"] for rule in RULES]
