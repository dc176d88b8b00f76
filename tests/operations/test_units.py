"""What comes with the listener: the systemd unit, the container, the alert rules."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.operations.listener_facts import ROOT, metric_names, options, variables

EXAMPLES = ROOT / "examples"
UNIT = EXAMPLES / "systemd" / "slapg-listen.service"
CONTAINERFILE = EXAMPLES / "container" / "Containerfile"
FILES = sorted(path for folder in ("systemd", "container") for path in (EXAMPLES / folder).iterdir())
ALERTS = YAML(typ="safe").load(EXAMPLES / "prometheus" / "alerts.yaml")
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]


@pytest.fixture
def analyze() -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    return program


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that exists."""
    program = Path(sys.executable).with_name("slapg")
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace("/opt/slapg/bin/slapg", str(program)))
    return copy


def test_systemd_understands_the_unit(analyze: str, unit: Path) -> None:
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])


def test_the_unit_is_locked_down(analyze: str, unit: Path) -> None:
    done = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_the_unit_restarts_all_but_wrong_use() -> None:
    lines = UNIT.read_text().splitlines()
    assert {"Type=notify", "Restart=always", "RestartPreventExitStatus=2", "StartLimitIntervalSec=0"} <= {
        *lines
    }
    assert [line for line in lines if line.startswith("WatchdogSec=")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_variables_and_options_exist(path: Path) -> None:
    text = path.read_text()
    named = set(re.findall(r"SLAPG_[A-Z_]+", text))
    assert named <= variables()
    assert set(re.findall(r"slapg listen .*?(--[a-z-]+)", text)) <= options()


def test_the_settings_are_accepted() -> None:
    """What listen.env says is what the program reads: up to the database, which is not there."""
    lines = (EXAMPLES / "systemd" / "listen.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    environment = {name: value.strip("'") for name, value in settings.items()}
    environment |= {"SLAPG_DSN": "host=127.0.0.1 port=1 dbname=desk", "SLAPG_METRICS_ADDRESS": "127.0.0.1:0"}
    done = subprocess.run(
        [sys.executable, "-m", "slapg", "listen"], env=environment, capture_output=True, text=True, timeout=30
    )
    assert "error: cannot connect to database desk at 127.0.0.1:1" in done.stderr
    assert done.returncode == 1


def test_the_image_gets_all_that_the_package_needs(tmp_path: Path) -> None:
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE.read_text(), re.MULTILINE)
        for source in line.split()[:-1]
    ]
    context, out = tmp_path / "src", tmp_path / "out"
    context.mkdir()
    for source in sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, context / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, context / source)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(context)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "slapg/_sql/roles.sql" in names
    assert "slapg/cli/listen.py" in names


def test_compose_builds_that_image_and_keeps_it_small() -> None:
    compose = YAML(typ="safe").load(EXAMPLES / "container" / "compose.yaml")
    listener = compose["services"]["listener"]
    assert (EXAMPLES / "container" / listener["build"]["context"]).resolve() == ROOT
    assert (ROOT / listener["build"]["dockerfile"]) == CONTAINERFILE
    assert set(listener["secrets"]) == set(compose["secrets"])
    assert listener["read_only"]
    assert listener["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alerts_ask_for_metrics_that_exist(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"\bslapg_\w+", rule["expr"]))
    assert named
    assert named <= metric_names()
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert {"summary", "description"} <= set(rule["annotations"])


def test_alerts_group_by_labels_that_the_metrics_have() -> None:
    known = {"instance", "le", "channel", "state", "kind", "outcome", "part", "template"}
    for rule in RULES:
        grouped = re.findall(r"\bby \(([^)]*)\)", rule["expr"])
        assert {name.strip() for names in grouped for name in names.split(",")} <= known
        shown = re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))
        assert set(shown) <= known
