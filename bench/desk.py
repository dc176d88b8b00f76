"""The service desk that the benchmarks write their tickets into."""

from importlib.resources import files

from bench.cluster import Connection

ALWAYS_OPEN_SQL = "update sla.policy_targets set is_24x7 = true"


def statement(name: str) -> str:
    """The text of a file of `bench/sql`."""
    return files("bench").joinpath("sql", name).read_text()


def furnish(connection: Connection) -> None:
    """Board, people, ITIL policy, Mon-Fri hours."""
    connection.execute(statement("desk.sql"))
