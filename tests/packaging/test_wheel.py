"""`pip install slapg && slapg migrate` needs no checkout: the wheel carries the SQL and the revisions."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), "."]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (built,) = folder.glob("slapg-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the unpacked wheel, as pip leaves it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sql", "slapg/_sql"),
        ("alembic", "slapg/_alembic"),
        ("examples", "slapg/_examples"),
        ("slapg/notifier", "slapg/notifier"),
    ],
)
def test_wheel_carries_every_file(wheel: Path, source: str, target: str) -> None:
    suffixes = {".sql", ".py", ".csv", ".yaml", ".po", ".txt", ".html"}
    folder = REPOSITORY / source
    expected = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.suffix in suffixes}
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(f"{target}/")]
    assert expected
    assert {name.removeprefix(f"{target}/") for name in names if Path(name).suffix in suffixes} == expected


def test_wheel_carries_nothing_that_tools_left(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "bench/"))]
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_installed_package_uses_its_own_files(installed: Path, tmp_path: Path) -> None:
    program = "from slapg.resources import alembic_dir, sql_dir; print(sql_dir()); print(alembic_dir())"
    found = _python(installed, tmp_path, "-c", program).stdout.split()
    assert found == [str(installed / "slapg" / "_sql"), str(installed / "slapg" / "_alembic")]


def test_installed_package_has_the_schema_of_policy_files(installed: Path, tmp_path: Path) -> None:
    found = _python(installed, tmp_path, "-m", "slapg", "policy", "schema")
    assert found.returncode == 0, found.stderr
    assert found.stdout == (REPOSITORY / "slapg" / "policies" / "policy.schema.json").read_text()


def test_installed_package_speaks_languages(installed: Path, tmp_path: Path) -> None:
    program = "from slapg.notifier.language import language; print(language('de').gettext('Due'))"
    found = _python(installed, tmp_path, "-c", program)
    assert found.stdout == "Fällig\n", found.stderr


def test_installed_package_migrates(installed: Path, tmp_path: Path, empty_db_url: str) -> None:
    first = _python(installed, tmp_path, "-m", "slapg", "migrate", "--dsn", empty_db_url)
    assert first.returncode == 0, first.stderr
    printed = _python(installed, tmp_path, "-m", "slapg", "migrate", "--sql")
    assert "create table sla.clocks" in printed.stdout.lower()


def _python(installed: Path, elsewhere: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"PYTHONPATH": str(installed)},
        cwd=elsewhere,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
