"""docs/policies.md can be copied and run."""

import re
import shlex
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.policies import PolicyFileError
from slapg.policies.model import File, Part, Thing
from tests.policies.conftest import Apply

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "policies.md").read_text()
DESK = """
    insert into helpdesk.boards (name) values ('Service desk');
    insert into helpdesk.clients (name) values ('Acme');
    insert into helpdesk.users (name, email)
    select name, lower(name) || '@example.com' from unnest('{Bea,Eva,Leo}'::text[]) as name;
    insert into helpdesk.statuses (name) values ('Waiting for client');
    insert into helpdesk.statuses (name, board_id) select 'Waiting for parts', board_id from helpdesk.boards;
"""


def blocks(kind: str) -> list[str]:
    """The fenced blocks of that kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_command_runs_in_order(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(blocks("yaml")[0])
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) > 5
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "slapg"
        answer = CliRunner().invoke(app, words, env={"SLAPG_DSN": db_url})
        assert answer.exit_code == 0, f"{command}: {answer.exception} {answer.output}"
    assert db.execute("select count(*) > 20 from sla.holidays").fetchone() == (True,)


def test_every_file_is_applied(db: psycopg.Connection[Any], apply_text: Apply) -> None:
    db.execute(DESK)
    for text in blocks("yaml"):
        assert {change.action for change in apply_text(text).changes} <= {"created", "changed"}


def test_the_wrong_file_is_refused_in_these_words(apply_text: Apply) -> None:
    [text], [words] = blocks("yaml wrong"), blocks("text")
    with pytest.raises(PolicyFileError) as refusal:
        apply_text(text)
    assert f"{refusal.value.message}\n" == words


def test_every_key_is_explained() -> None:
    kinds = [File, *Thing.__subclasses__(), *Part.__subclasses__()]
    keys = {key for kind in kinds for key in kind.model_fields}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
