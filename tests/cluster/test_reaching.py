"""What `slapg db` prints, and that it leads to the server."""

import json
import subprocess

import psycopg
import pytest
import sqlalchemy

from slapg.cluster import Cluster


def test_url_is_all_that_is_printed_and_works_everywhere(running: Cluster, slapg) -> None:
    answer = slapg("db", "url", home=running.home)
    url = answer.stdout.strip()
    assert answer.stdout == url + "\n"
    assert answer.stderr == ""
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_database(), usesuper from pg_user where usename = user")
        assert row.fetchone() == ("slapg", True)
    with sqlalchemy.create_engine(url).connect() as connection:
        assert connection.scalar(sqlalchemy.text("select 1")) == 1
    asked = subprocess.run(["psql", url, "-Atc", "select 1"], capture_output=True, text=True, check=True)
    assert asked.stdout == "1\n"


def test_tcp_asks_for_the_password(running: Cluster) -> None:
    password = psycopg.conninfo.conninfo_to_dict(running.url())["password"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(running.url().replace(str(password), "guess"))


def test_socket_is_for_its_owner_only(running: Cluster) -> None:
    assert running.socket_dir.stat().st_mode & 0o777 == 0o700
    assert (running.home / "cluster.json").stat().st_mode & 0o777 == 0o600
    assert running.data_dir.stat().st_mode & 0o777 == 0o700


def test_psql_passes_its_words_on(running: Cluster, slapg) -> None:
    answer = slapg("db", "psql", "-At", "-c", "select current_database()", home=running.home)
    assert answer.stdout == "slapg\n"
    assert slapg("db", "psql", "-c", "select nonsense", home=running.home).returncode == 1


def test_status_says_where_things_are(running: Cluster, slapg) -> None:
    answer = slapg("db", "status", "--json", home=running.home)
    facts = json.loads(answer.stdout)
    postmaster = running.postmaster()
    assert postmaster is not None
    assert answer.returncode == 0
    assert (facts["state"], facts["port"]) == ("running", postmaster.port)
    assert "running" in slapg("db", "status", home=running.home).stdout


def test_status_of_none_is_a_problem(make_home, slapg) -> None:
    answer = slapg("db", "status", home=make_home())
    assert answer.returncode == 1
    assert "absent" in answer.stdout


def test_url_of_none_is_one_line_and_a_hint(make_home, slapg) -> None:
    answer = slapg("db", "url", home=make_home())
    assert answer.returncode == 1
    assert answer.stdout == ""
    first, second = answer.stderr.splitlines()
    assert first.startswith("error: no private cluster runs in ")
    assert second == "hint: start it with: slapg db start"


def test_destroy_asks_first(running: Cluster, slapg) -> None:
    assert slapg("db", "destroy", home=running.home).returncode == 1  # nobody there to say yes
    assert running.is_running()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "on"),
        ("timezone", "UTC"),
        ("lc_collate", "C.UTF-8"),
        ("server_encoding", "UTF8"),
        ("listen_addresses", "127.0.0.1"),
        ("cron.use_background_workers", "on"),
    ],
)
def test_settings(running: Cluster, name: str, value: str) -> None:
    with psycopg.connect(running.socket_url()) as connection:
        assert connection.execute("select current_setting(%s)", [name]).fetchone() == (value,)


@pytest.mark.parametrize(("database", "extension"), [("slapg", "plpython3u"), ("postgres", "pg_cron")])
def test_extensions(running: Cluster, database: str, extension: str) -> None:
    with psycopg.connect(running.socket_url(database)) as connection:
        known = connection.execute("select extname from pg_extension").fetchall()
    assert (extension,) in known
