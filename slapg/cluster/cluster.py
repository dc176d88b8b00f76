"""The private cluster: create, start, stop, destroy, and how to reach it."""

import contextlib
import hashlib
import itertools
import os
import secrets
import shutil
import socket
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from slapg.cluster import settings
from slapg.cluster.account import Account
from slapg.cluster.home import DIR_VARIABLE, Home, State
from slapg.cluster.installation import Installation, find_installation
from slapg.cluster.postmaster import Postmaster
from slapg.errors import SlapgError

HOME_NAME = ".slapg"
DATABASE = "slapg"
SUPERUSER = "postgres"
PORTS = range(20000, 30000)
"""Below the range from which systems take the ports of outgoing connections."""
START_SECONDS = 60
LOG_BYTES = 10_000_000
# The server's own words, which `initdb` here makes English ones (C.UTF-8).
PORT_TAKEN = "Address already in use"
CHILDREN_ALIVE = "pre-existing shared memory block"
REASON_MARKS = ("FATAL:", PORT_TAKEN)


class Cluster:
    """One private cluster, known by its `home` folder.

    The home holds `cluster.json` (port and password, for its owner only), a lock, and `server/` (data and
    log). When the server's account cannot enter the home (root's own folder, say), `server/` lies in
    `/var/lib/slapg/` instead. The socket's folder is short, whatever the home: the kernel allows 107 bytes.
    """

    def __init__(self, home: Path, extra_settings: Mapping[str, str] | None = None) -> None:
        self.home = home.resolve()
        self._settings = extra_settings or {}
        self._key = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        self._files = Home(self.home)
        self.socket_dir = Path("/tmp") / f"slapg-{self._key}"  # noqa: S108 (checked by make_private)
        self._inside, self._outside = self.home / "server", Path("/var/lib/slapg") / self._key

    @classmethod
    def locate(cls, home: str | Path | None = None) -> "Cluster":
        """The cluster at `home`, else `SLAPG_DB_DIR`, else the `.slapg/` of this folder or one above it."""
        given = home or os.environ.get(DIR_VARIABLE)
        if given:
            return cls(Path(given))
        here = Path.cwd()
        for folder in (here, *here.parents):
            candidate = folder / HOME_NAME
            # Somebody else's folder is not taken: in a shared place it may be bait.
            if candidate.is_dir() and (os.geteuid() == 0 or candidate.stat().st_uid == os.geteuid()):
                return cls(candidate)
        return cls(here / HOME_NAME)

    @property
    def server_dir(self) -> Path:
        """Where data and log are, or would be."""
        if self._outside.exists() or self._inside.exists():
            return self._outside if self._outside.exists() else self._inside
        account = Account.for_server(self._inside)
        return self._inside if account.can_enter(self.home) else self._outside

    @property
    def data_dir(self) -> Path:
        return self.server_dir / "data"

    @property
    def log_file(self) -> Path:
        return self.server_dir / "server.log"

    def exists(self) -> bool:
        """Whether the cluster has been created."""
        return self._files.exists() or self._inside.exists() or self._outside.exists()

    def postmaster(self) -> Postmaster | None:
        """The running server, or None."""
        with self._files.ownership():
            return Postmaster.of(self.data_dir) if self.exists() else None

    def is_running(self) -> bool:
        return self.postmaster() is not None

    def url(self, database: str = DATABASE) -> str:
        """A superuser's DSN over TCP (127.0.0.1, password); raises `SlapgError` when the server is down."""
        port = self._running().port
        password = quote(self._files.read().password, safe="")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/{database}"

    def socket_url(self, database: str = DATABASE) -> str:
        """The same over the Unix socket: quicker to connect, no password, for its owner and root only."""
        port = self._running().port
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_dir), safe='')}&port={port}"

    def start(self) -> bool:
        """Make sure that the cluster exists, runs and has its databases; True when it was not running.

        Safe to call twice, at once too. Raises `SlapgError` when PostgreSQL or an extension is missing.
        """
        with self._files.locked():
            started = not self.is_running()
            if started:
                self._launch()
            self._prepare_databases()
            return started

    def stop(self) -> bool:
        """Stop the server, disconnecting everybody; False when it was not running."""
        if not self.exists():
            return False
        with self._files.locked():
            return self._halt("fast")

    def destroy(self) -> bool:
        """Stop the server and remove its files; False when there was nothing. `home` goes only when empty."""
        if not self.exists():
            return False
        with self._files.locked():
            self._halt("immediate")  # no last checkpoint of what is about to go
            for folder in (self._inside, self._outside, self.socket_dir):
                if folder.exists():
                    shutil.rmtree(folder)
            self._files.remove()
        return True

    # Starting and stopping

    def _launch(self) -> None:
        account = Account.for_server(self.server_dir)
        installation = find_installation(self._major())
        account.make_private(self.socket_dir)
        if not self.data_dir.exists():
            self._create(account, installation)
        self._clear_locks()
        self._rotate_log()
        port = _free_port(self._files.read().port)
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._configure(account, port)
            problem = self._try_start(account, installation)
            if problem is None:
                return
            # Another start may have taken the port meanwhile, and the children of a killed server may need
            # a moment to notice and go. Anything else will not mend itself.
            if PORT_TAKEN in problem:
                port = _free_port(port + 1)
            elif CHILDREN_ALIVE not in problem or time.monotonic() > deadline:
                raise SlapgError(f"the server does not start: {problem}", hint=f"see {self.log_file}")
            time.sleep(0.2)

    def _clear_locks(self) -> None:
        """Remove what a killed server left: PostgreSQL believes a lock whose process number is in use again,
        or belongs to a zombie (containers often have nobody to reap). That no server runs is known here, and
        a second guard, the shared memory block, still holds while children of the killed one live."""
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_dir.glob(".s.PGSQL.*"):
            left.unlink()

    def _rotate_log(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            if self.log_file.stat().st_size > LOG_BYTES:
                self.log_file.replace(self.log_file.with_suffix(".log.1"))

    def _create(self, account: Account, installation: Installation) -> None:
        base = self.server_dir
        base.parent.mkdir(mode=0o755, exist_ok=True)
        account.make_private(base)
        password, port = secrets.token_urlsafe(18), PORTS[int(self._key, 16) % len(PORTS)]
        self._files.write(State(port, password))
        fresh, password_file = base / "data.new", base / "password"
        shutil.rmtree(fresh, ignore_errors=True)  # of a creation that was killed
        account.write(password_file, password)
        done = account.run(
            [
                installation.programs / "initdb",
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth-local=trust",  # the socket's folder lets nobody else in
                "--auth-host=scram-sha-256",
                f"--pwfile={password_file}",
            ]
        )
        password_file.unlink()
        if done.returncode:
            raise SlapgError(f"initdb failed: {_last_line(done.stderr)}", hint=f"see {base}")
        with (fresh / "postgresql.conf").open("a") as config:
            config.write("\ninclude = 'slapg.conf'\n")
        fresh.rename(self.data_dir)

    def _configure(self, account: Account, port: int) -> None:
        text = settings.render(self._settings, port, self.socket_dir)
        account.write(self.data_dir / "slapg.conf", text)
        self._files.write(replace(self._files.read(), port=port))

    def _try_start(self, account: Account, installation: Installation) -> str | None:
        """Start the server and wait until it answers; the problem in its own words, or None."""
        told_before = self.log_file.stat().st_size if self.log_file.exists() else 0
        command: list[str | Path] = [installation.programs / "pg_ctl", "start", "--silent", "--wait"]
        command += [f"--timeout={START_SECONDS}", f"--pgdata={self.data_dir}", f"--log={self.log_file}"]
        done = account.run(command)
        if done.returncode == 0:
            return None
        with self.log_file.open(errors="replace") as log:
            log.seek(told_before)
            told = log.read()
        reasons = [line for line in told.splitlines() if any(mark in line for mark in REASON_MARKS)]
        return "; ".join(reasons) or _last_line(told) or _last_line(done.stderr)

    def _halt(self, mode: str) -> bool:
        if not self.is_running():
            return False
        installation = find_installation(self._major())
        account = Account.for_server(self.server_dir)
        done = account.run(
            [
                installation.programs / "pg_ctl",
                "stop",
                f"--mode={mode}",
                "--wait",
                f"--pgdata={self.data_dir}",
            ]
        )
        if done.returncode and self.is_running():
            raise SlapgError(f"the server does not stop: {_last_line(done.stderr)}")
        return True

    def _prepare_databases(self) -> None:
        with psycopg.connect(self.socket_url(settings.CRON_DATABASE), autocommit=True) as admin:
            admin.execute("create extension if not exists pg_cron")
            known = admin.execute("select from pg_database where datname = %s", [DATABASE]).fetchone()
            if known is None:
                admin.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
        with psycopg.connect(self.socket_url(), autocommit=True) as database:
            database.execute("create extension if not exists plpython3u")

    def _major(self) -> int | None:
        try:
            return int((self.data_dir / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _running(self) -> Postmaster:
        running = self.postmaster()
        if running is None:
            raise SlapgError(f"no private cluster runs in {self.home}", hint="start it with: slapg db start")
        return running


def _free_port(first: int) -> int:
    """The first port from `first` on (wrapping round) that nobody listens on."""
    start = PORTS.index(first) if first in PORTS else 0
    for port in itertools.chain(PORTS[start:], PORTS[:start]):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise SlapgError(f"no free port between {PORTS.start} and {PORTS.stop - 1}")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
