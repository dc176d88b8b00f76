"""Nobody reads a file of a thousand lines."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUFFIXES = {".py", ".sql", ".sh"}
LIMIT = 300


def _sources() -> list[Path]:
    folders = ["slapg", "sql", "alembic", "tests", "bench", "scripts"]
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    ]


def test_files_are_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _sources()}
    assert len(lengths) > 50
    assert {path: lines for path, lines in lengths.items() if lines > LIMIT} == {}
