"""Where SQL files, Alembic revisions and examples are: inside the wheel, or at the top of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def sql_dir() -> Path:
    """The folder of the replaceable SQL (functions, triggers, views, roles)."""
    return _find("sql")


def alembic_dir() -> Path:
    """The folder of Alembic's `env.py` and `versions/`."""
    return _find("alembic")


def sample_log() -> Path:
    """The ticket event log that slapg carries, for demos and trials."""
    return _find("examples") / "incident_sample.csv"


def _find(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name
