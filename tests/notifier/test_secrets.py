"""Secrets by reference, and out of sight."""

import logging
from pathlib import Path

import pytest

from slapg.notifier import DeliveryError
from slapg.notifier.secrets import RedactingFilter, Secrets


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    (tmp_path / "TOKEN").write_text("from a file\n")
    return Secrets({"SLAPG_SECRET_PW": "p@ss w/rd", "SLAPG_SECRET_EMPTY": "", "OTHER": "hush"}, tmp_path)


def test_references_are_replaced(secrets: Secrets) -> None:
    assert secrets.resolve("a ${env:PW} b ${file:TOKEN} $c {d}") == "a p@ss w/rd b from a file $c {d}"


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("smtp://${env:PW}:${file:TOKEN}@host:25/${file:TOKEN}?a=${env:PW}",
         "smtp://p%40ss%20w%2Frd:from%20a%20file@host:25/from a file?a=p%40ss%20w%2Frd"),
        ("slack://${env:PW}", "slack://p@ss w/rd"),
        ("${env:PW}", "p@ss w/rd"),
    ],
)  # fmt: skip
def test_in_a_url_they_are_escaped_where_they_have_to_be(secrets: Secrets, url: str, resolved: str) -> None:
    assert secrets.resolve_url(url) == resolved


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("${env:NONE}", "environment variable SLAPG_SECRET_NONE"),
        ("${env:EMPTY}", "environment variable SLAPG_SECRET_EMPTY"),
        ("${env:OTHER}", "environment variable SLAPG_SECRET_OTHER"),
        ("${file:NONE}", "file NONE of the secrets"),
    ],
)
def test_a_missing_one_is_final_and_named(secrets: Secrets, reference: str, place: str) -> None:
    with pytest.raises(DeliveryError) as failure:
        secrets.resolve(f"smtp://u:{reference}@host")
    assert str(failure.value) == f"secret {reference} is missing: no {place}"
    assert failure.value.is_permanent


def test_a_file_that_is_none_is_final(secrets: Secrets, tmp_path: Path) -> None:
    (tmp_path / "FOLDER").mkdir()
    (tmp_path / "BINARY").write_bytes(b"\xff\xfe")
    for name in ("FOLDER", "BINARY"):
        with pytest.raises(DeliveryError, match=f"secret \\${{file:{name}}} cannot be read: "):
            secrets.resolve(f"${{file:{name}}}")


def test_no_file_elsewhere_is_read(secrets: Secrets, tmp_path: Path) -> None:
    (tmp_path.parent / "outside").write_text("hush")
    assert secrets.resolve("${file:../outside}") == "${file:../outside}"


def test_a_changed_secret_counts_at_once(secrets: Secrets, tmp_path: Path) -> None:
    secrets.resolve("${file:TOKEN}")
    (tmp_path / "TOKEN").write_text("another")
    assert secrets.resolve("${file:TOKEN}") == "another"
    assert secrets.redact("from a file, another") == "***, ***"


def test_the_services_credentials_are_the_default(tmp_path: Path) -> None:
    (tmp_path / "TOKEN").write_text("of systemd")
    assert Secrets({"CREDENTIALS_DIRECTORY": str(tmp_path)}).resolve("${file:TOKEN}") == "of systemd"


def test_secrets_are_hidden_however_they_are_written(secrets: Secrets) -> None:
    assert secrets.redact("p@ss w/rd") == "p@ss w/rd", "nothing is known yet"
    secrets.resolve("${env:PW}")
    said = "raw p@ss w/rd, quoted p%40ss%20w%2Frd p%40ss%20w/rd p%40ss+w%2Frd"
    assert secrets.redact(said) == "raw ***, quoted *** *** ***"


def test_of_a_url_its_telling_parts_are_hidden_too() -> None:
    secrets = Secrets({"SLAPG_SECRET_URL": "https://u:pw%21@hooks.example/services/T0/B0?key=abc"})
    secrets.resolve("${env:URL}")
    assert secrets.redact("hooks.example services/T0/B0 abc pw! pw%21") == "hooks.example *** *** *** ***"


def test_a_secret_that_came_another_way_is_hidden(secrets: Secrets) -> None:
    secrets.hide(None)
    secrets.hide("")
    secrets.hide("abc")
    assert secrets.redact("abcabc abd") == "****** abd"


def test_log_records_tell_no_secret(secrets: Secrets, caplog: pytest.LogCaptureFixture) -> None:
    secrets.hide("hush")
    caplog.handler.addFilter(RedactingFilter(secrets))
    log = logging.getLogger("test")
    try:
        try:
            raise ValueError("hush in an error")
        except ValueError:
            log.exception("password %s and %s", "hush", ["hush"], extra={"endpoint": "smtp://u:hush@host"})
    finally:
        caplog.handler.filters.clear()
    (record,) = caplog.records
    assert "hush" not in caplog.text
    assert record.getMessage() == "password *** and ['***']"
    assert "ValueError: *** in an error" in caplog.text
    assert record.endpoint == "smtp://u:***@host"
