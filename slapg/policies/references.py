"""Names in a policy file that must be there: in the file itself or in the database."""

from collections.abc import Iterator

from slapg.policies.document import Document
from slapg.policies.model import File
from slapg.policies.names import NameProblemError, Names
from slapg.policies.problems import PolicyFileError, Problem, Step

Reference = tuple[tuple[Step, ...], str, str]
"""Where it stands, what kind of thing it names, and the name."""


def users_named(file: File) -> list[str]:
    """The users whom the file names, by address or name."""
    return [name for _, kind, name in _references(file) if kind == "user"]


def check_references(file: File, names: Names, document: Document) -> None:
    """Raises `PolicyFileError` with each name that leads nowhere, or to several rows."""
    made = {
        "priority": set(file.priorities),
        "schedule": set(file.schedules),
        "policy": set(file.policies),
    }
    problems = []
    for path, kind, name in _references(file):
        if name in made.get(kind, ()) and not names.has(kind, name):
            continue
        try:
            board = names.find("board", str(path[1])) if kind == "status" and path[0] == "boards" else None
        except NameProblemError:
            continue  # the board itself is reported
        try:
            names.find(kind, name, board=board)
        except NameProblemError as error:
            problems.append(Problem(document.position(path, at_key=path[-1] == name), path, str(error)))
    if problems:
        raise PolicyFileError(
            document.name,
            problems,
            hint="a file makes schedules, policies and priorities; all else must be there before",
            exit_code=1,
        )


def with_known_users(file: File, names: Names) -> File:
    """The file with each user called as an export would: whoever is known by address is meant by it."""

    def known(name: str | None) -> str | None:
        return None if name is None else names.of("user", names.find("user", name))

    boards = {}
    for name, board in file.boards.items():
        managers = {
            level: item.model_copy(update={"manager": known(item.manager)})
            for level, item in board.escalation_managers.items()
        }
        values = {"manager": known(board.manager), "escalation_managers": managers}
        given = {key: value for key, value in values.items() if key in board.model_fields_set}
        boards[name] = board.model_copy(update=given)
    return file.model_copy(update={"boards": boards} if "boards" in file.model_fields_set else {})


def _references(file: File) -> Iterator[Reference]:
    for name, policy in file.policies.items():
        here = ("policies", name)
        if policy.schedule is not None:
            yield (*here, "schedule"), "schedule", policy.schedule
        for priority in policy.targets:
            yield (*here, "targets", priority), "priority", priority
    for place, status in enumerate(file.pausing_statuses):
        yield ("pausing_statuses", place), "status", status
    for name, board in file.boards.items():
        here = ("boards", name)
        yield here, "board", name
        if board.policy is not None:
            yield (*here, "policy"), "policy", board.policy
        if board.manager is not None:
            yield (*here, "manager"), "user", board.manager
        for level, manager in board.escalation_managers.items():
            yield (*here, "escalation_managers", level, "manager"), "user", manager.manager
        for place, status in enumerate(board.pausing_statuses):
            yield (*here, "pausing_statuses", place), "status", status
    for name, client in file.clients.items():
        yield ("clients", name), "client", name
        if client.policy is not None:
            yield ("clients", name, "policy"), "policy", client.policy
