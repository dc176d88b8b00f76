"""`slapg listen`: deliver notifications, and sweep on the second."""

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from threading import Event, Thread
from types import FrameType
from typing import Annotated

import typer

from slapg.cli.delivery_options import MailFrom, SecretsDir, SmtpUrl, TemplatesDir, mail_defaults
from slapg.cli.options import Dsn
from slapg.errors import SlapgError
from slapg.listener import Instruments, Relay, Timer, drain_once, run
from slapg.listener.http import HttpServer
from slapg.listener.logs import LogFormat, set_up_logging
from slapg.listener.metrics import Metrics
from slapg.listener.queue import QueueCollector
from slapg.listener.template_rows import TemplateRows
from slapg.notifier.channels import KINDS, open_channels
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import RedactingFilter, Secrets

app = typer.Typer()

TimerSwitch = Annotated[
    bool,
    typer.Option(
        "--timer/--no-timer",
        envvar="SLAPG_TIMER",
        show_envvar=True,
        help="Sweep whenever a threshold is crossed, so that it fires within a second.",
    ),
]
Channels = Annotated[
    str,
    typer.Option(
        "--channels",
        envvar="SLAPG_CHANNELS",
        show_envvar=True,
        help="Kinds of channels to serve: email,webhook,apprise,redis, or a part of them, all or none; "
        "all leaves out redis where its library is missing.",
    ),
]
PollSeconds = Annotated[
    float,
    typer.Option(
        "--poll-seconds",
        envvar="SLAPG_POLL_SECONDS",
        show_envvar=True,
        min=0.1,
        max=3600,
        help="How often to look at the outbox even if the database gives no hint; retries wait for it.",
    ),
]
LeaseSeconds = Annotated[
    float,
    typer.Option(
        "--lease-seconds",
        envvar="SLAPG_LEASE_SECONDS",
        show_envvar=True,
        min=10,
        max=3600,
        help="How long what a listener took is its own; what a killed one had in hand waits so long.",
    ),
]
HeartbeatSeconds = Annotated[
    float,
    typer.Option(
        "--heartbeat-seconds",
        envvar="SLAPG_HEARTBEAT_SECONDS",
        show_envvar=True,
        min=1,
        max=3600,
        help="How often to prove, by a NOTIFY to itself, that it still hears the database.",
    ),
]
Window = Annotated[
    int | None,
    typer.Option(
        "--window",
        envvar="SLAPG_WINDOW",
        show_envvar=True,
        min=1,
        max=1000,
        help="Messages in hand at most, for each kind of channel; without it, twice what it sends at once.",
    ),
]
MetricsAddress = Annotated[
    str | None,
    typer.Option(
        "--metrics-address",
        envvar="SLAPG_METRICS_ADDRESS",
        show_envvar=True,
        help="host:port to answer /metrics (Prometheus) and /healthz at; without it, nowhere.",
    ),
]
LogFormatOption = Annotated[
    LogFormat,
    typer.Option(
        "--log-format", envvar="SLAPG_LOG_FORMAT", show_envvar=True, help="Log lines for people, or JSON."
    ),
]
Once = Annotated[bool, typer.Option("--once", help="Sweep (with --timer), deliver what is due, and exit.")]


@app.command()
def listen(
    dsn: Dsn = None,
    timer: TimerSwitch = True,
    channels: Channels = "all",
    smtp_url: SmtpUrl = None,
    mail_from: MailFrom = None,
    secrets_dir: SecretsDir = None,
    templates_dir: TemplatesDir = None,
    poll_seconds: PollSeconds = 1.0,
    lease_seconds: LeaseSeconds = 120.0,
    heartbeat_seconds: HeartbeatSeconds = 30.0,
    window: Window = None,
    metrics_address: MetricsAddress = None,
    log_format: LogFormatOption = "text",
    once: Once = False,
) -> None:
    """Deliver notifications and sweep on the second, until stopped.

    Any number may run. SIGTERM or Ctrl-C lets it finish the messages that are being sent and hand back the
    rest; a second one ends it at once. Needs a direct connection, not one through PgBouncer in transaction
    mode, and the rights of role slapg_listener.
    """
    kinds = _kinds(channels)
    if not kinds and not timer:
        raise SlapgError(
            "nothing to do: --channels none, and --no-timer",
            hint="name channels, or let the timer run",
            exit_code=2,
        )
    secrets = Secrets(directory=secrets_dir)
    mail = mail_defaults(smtp_url, mail_from, secrets)
    set_up_logging(log_format, [RedactingFilter(secrets)])
    stop = _stop_on_signals()
    with _instruments(dsn, metrics_address) as instruments, closing(TemplateRows(dsn)) as rows:
        renderer = Renderer(templates_dir, rows.load, instruments.metrics.template_failed)
        relay = Relay(
            open_channels(mail, secrets, renderer, kinds),
            instruments=instruments,
            lease_seconds=lease_seconds,
            window=window,
            passed_over={} if mail.server else {"email": [""]},
        )
        parts = relay if kinds else None, Timer() if timer else None
        if once:
            drain_once(dsn, *parts, stop)
        else:
            run(dsn, *parts, poll_seconds, stop, instruments=instruments, heartbeat_seconds=heartbeat_seconds)


def _kinds(given: str) -> list[str]:
    """The kinds named; raises `SlapgError` (wrong use) for one that does not exist."""
    names = [name.strip() for name in given.split(",") if name.strip()]
    if names == ["none"]:
        return []
    if names in ([], ["all"]):
        return [kind for kind in KINDS if kind != "redis" or find_spec("redis")]
    for name in names:
        if name not in KINDS:
            raise SlapgError(
                f"no kind of channel is called {name}",
                hint=f"--channels takes {','.join(KINDS)}, all or none",
                exit_code=2,
            )
    return list(dict.fromkeys(names))


@contextmanager
def _instruments(dsn: str | None, address: str | None) -> Iterator[Instruments]:
    """What the listener reports to; published at `address`, if one is given."""
    if address is None:
        yield Instruments()
        return
    queue = QueueCollector(dsn)
    instruments = Instruments(Metrics(queue))
    server = HttpServer(address, instruments.metrics, instruments.health, queue)
    server.start()
    try:
        yield instruments
    finally:
        server.close()
        queue.close()


def _stop_on_signals() -> Event:
    stop = Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # From another thread: the signal may have come while this one held the event's own lock.
        Thread(target=stop.set).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop
