"""Applying a policy file to the current tenant, and writing one from it."""

from dataclasses import dataclass
from typing import Any

import psycopg
from pydantic import ValidationError

from slapg.policies.document import Document
from slapg.policies.dumping import dump
from slapg.policies.model import File
from slapg.policies.planning import Change, plan
from slapg.policies.problems import PolicyFileError, Position, Problem, problems_of
from slapg.policies.reading import read
from slapg.policies.references import check_references, users_named, with_known_users
from slapg.policies.statements import hold_configuration
from slapg.policies.writing import Writer

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Outcome:
    """What an application did, or would do."""

    dry_run: bool
    changes: list[Change]


def understand(document: Document) -> File:
    """What the document says. Raises `PolicyFileError` with everything that is not as it must be."""
    if document.data is None:
        raise PolicyFileError(document.name, [Problem(Position(1, 1), (), "the file says nothing")])
    try:
        return File.model_validate(document.data)
    except ValidationError as error:
        raise PolicyFileError(document.name, problems_of(error, document)) from error


def apply(
    connection: Connection, document: Document, *, prune: bool = False, dry_run: bool = False
) -> Outcome:
    """Make the database say what the file says, in one transaction.

    What a section of the file no longer lists is removed with `prune` only. A dry run does everything, so
    that the database judges it, and takes it back. Raises `PolicyFileError` when the file is wrong or refers
    to what is not there; what the database refuses else is raised as it comes (SL007, SL019).
    """
    file = understand(document)
    with connection.transaction(force_rollback=dry_run):
        hold_configuration(connection)
        current = read(connection, users_named(file))
        check_references(file, current.names, document)
        file = with_known_users(file, current.names)
        changes = plan(file, current.file, document, prune=prune)
        Writer(connection, current.names, file, document).write(changes)
        connection.execute("set constraints all immediate")
    return Outcome(dry_run, changes)


def export(connection: Connection) -> str:
    """The configuration of the current tenant as the text of a policy file, from one snapshot."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        return dump(read(connection).file)
