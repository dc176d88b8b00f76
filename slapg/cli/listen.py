"""`slapg listen`: deliver notifications, and sweep on the second."""

import logging
import signal
from threading import Event, Thread
from types import FrameType
from typing import Annotated

import typer

from slapg.cli.options import Dsn
from slapg.errors import SlapgError
from slapg.listener import Relay, Timer, drain_once, run
from slapg.notifier import Channel
from slapg.notifier.mail import EmailChannel, read_sender
from slapg.notifier.smtp import SmtpServer

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
SmtpUrl = Annotated[
    str | None,
    typer.Option(
        "--smtp-url",
        envvar="SLAPG_SMTP_URL",
        show_envvar=True,
        help="Mail server: smtp://user:password@host:port/?starttls=auto|always|never, or smtps://…; "
        "without it, no mail is delivered.",
    ),
]
MailFrom = Annotated[
    str | None,
    typer.Option(
        "--mail-from",
        envvar="SLAPG_MAIL_FROM",
        show_envvar=True,
        help="Sender of mail, like: SLA desk <sla@example.com>",
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
        help="How often to look at the outbox even if the database gives no hint.",
    ),
]
Once = Annotated[bool, typer.Option("--once", help="Sweep (with --timer), deliver what is due, and exit.")]


@app.command()
def listen(
    dsn: Dsn = None,
    timer: TimerSwitch = True,
    smtp_url: SmtpUrl = None,
    mail_from: MailFrom = None,
    poll_seconds: PollSeconds = 1.0,
    once: Once = False,
) -> None:
    """Deliver notifications and sweep on the second, until stopped.

    Any number may run; each delivers the channels that it has options for. SIGTERM or Ctrl-C lets it finish
    the message in hand; a second one ends it at once. Needs a direct connection, not one through PgBouncer
    in transaction mode, and the rights of role slapg_listener.
    """
    channels = _channels(smtp_url, mail_from)
    if not channels and not timer:
        raise SlapgError(
            "nothing to do: no channel is configured, and --no-timer",
            hint="give --smtp-url and --mail-from, or let the timer run",
            exit_code=2,
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    relay = Relay(channels) if channels else None
    stop = _stop_on_signals()
    if once:
        drain_once(dsn, relay, Timer() if timer else None, stop)
    else:
        run(dsn, relay, Timer() if timer else None, poll_seconds, stop)


def _channels(smtp_url: str | None, mail_from: str | None) -> list[Channel]:
    if not smtp_url:
        return []
    if not mail_from:
        raise SlapgError("no sender for mail", hint="give --mail-from, or set SLAPG_MAIL_FROM", exit_code=2)
    return [EmailChannel(SmtpServer.from_url(smtp_url), read_sender(mail_from))]


def _stop_on_signals() -> Event:
    stop = Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        # From another thread: the signal may have come while this one held the event's own lock.
        Thread(target=stop.set).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    return stop
