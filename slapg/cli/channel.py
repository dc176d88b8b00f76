"""`slapg channel`: where messages go, and does it work?"""

from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from slapg.cli.delivery_options import MailFrom, SecretsDir, SmtpUrl, TemplatesDir, mail_defaults
from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.notifications.channels import (
    KINDS,
    ChannelLine,
    ChannelRow,
    find_channel,
    list_channels,
    remove_channel,
    set_channel,
)
from slapg.notifications.trial import Means, try_channel
from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.secrets import Secrets

app = typer.Typer(no_args_is_help=True, help="Where messages go: listed, set, removed, and tried.")

Name = Annotated[str, typer.Argument(metavar="CHANNEL", help="Name that thresholds and managers use")]
Kind = StrEnum("Kind", [(kind.upper(), kind) for kind in KINDS])  # type: ignore[misc]


@app.command("list")
def list_all(dsn: Dsn = None, as_json: Json = False) -> None:
    """List the channels: configured, implied (in_app, email), or named somewhere and not configured."""
    with connect(dsn, autocommit=True) as connection:
        lines = list_channels(connection)
    if as_json:
        print_json([asdict(line) for line in lines])
    else:
        console.print(_table(lines))


@app.command("set")
def set_one(
    channel: Name,
    kind: Annotated[
        Kind | None,
        typer.Option(envvar="SLAPG_CHANNEL_KIND", show_envvar=True, help="What delivers it; needed once."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            envvar="SLAPG_CHANNEL_URL",
            show_envvar=True,
            help="Where it goes. Secrets in it are references: ${env:NAME} or ${file:NAME}.",
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(envvar="SLAPG_CHANNEL_SENDER", show_envvar=True, help="From address of e-mail."),
    ] = None,
    signing_secret: Annotated[
        str | None,
        typer.Option(
            envvar="SLAPG_CHANNEL_SIGNING_SECRET",
            show_envvar=True,
            help="Reference to the secret that signs webhooks.",
        ),
    ] = None,
    max_attempts: Annotated[
        int | None,
        typer.Option(envvar="SLAPG_CHANNEL_MAX_ATTEMPTS", show_envvar=True, help="Tries of a message."),
    ] = None,
    enabled: Annotated[
        bool | None,
        typer.Option(
            "--enabled/--disabled",
            envvar="SLAPG_CHANNEL_ENABLED",
            show_envvar=True,
            help="Messages of a disabled channel wait.",
        ),
    ] = None,
    dsn: Dsn = None,
) -> None:
    """Configure a channel, or change one: what is not given stays as it is, and '' takes a value away.

    Another kind makes it another channel: nothing of the old one stays.

    Needs the rights of role slapg_admin.
    """
    given = {
        "kind": kind.value if kind else None,
        "url": url,
        "sender": sender,
        "signing_secret": signing_secret,
        "max_attempts": max_attempts,
        "is_enabled": enabled,
    }
    with connect(dsn) as connection:
        old = find_channel(connection, channel)
        row = _merged(channel, old, given)
        set_channel(connection, row)
    done = "changed" if old else "configured"
    console.print(f"channel {channel} {done}: {row.kind} {row.url or ''}".rstrip(), soft_wrap=True)


@app.command("test")
def try_out(
    channel: Name,
    recipient: Annotated[
        str | None,
        typer.Option("--to", envvar="SLAPG_TEST_RECIPIENT", show_envvar=True, help="Address, for e-mail."),
    ] = None,
    smtp_url: SmtpUrl = None,
    mail_from: MailFrom = None,
    secrets_dir: SecretsDir = None,
    templates_dir: TemplatesDir = None,
    dsn: Dsn = None,
) -> None:
    """Send one test message through a channel, from here and now, and say how it went.

    The secrets must be at hand here as they are for slapg listen. Exit code 1 when it was not accepted.
    """
    secrets = Secrets(directory=secrets_dir)
    means = Means(mail_defaults(smtp_url, mail_from, secrets), secrets, templates_dir)
    with connect(dsn, autocommit=True) as connection:
        row = _testable(channel, find_channel(connection, channel), recipient)
        try:
            remark = try_channel(connection, row, recipient, means)
        except DeliveryError as error:
            raise SlapgError(f"channel {channel} does not work: {error}", hint=_advice(error)) from None
    console.print(f"channel {channel} works: the message was accepted", soft_wrap=True)
    if remark:
        error_console.print(remark, style="yellow", soft_wrap=True)


def _testable(channel: str, row: ChannelRow | None, recipient: str | None) -> ChannelRow:
    if channel == "in_app":
        raise SlapgError("in_app goes nowhere: its rows are for your application", exit_code=2)
    if row is None and channel != "email":
        raise _unknown(channel)
    found = row or ChannelRow(channel, "email")
    if found.kind == "email" and not recipient:
        raise SlapgError(
            "a test of e-mail needs an address", hint="give --to somebody@example.com", exit_code=2
        )
    return found


def _advice(error: DeliveryError) -> str:
    if isinstance(error, UnreachableError):
        return "is the server up, and do its name, port, TLS and login fit?"
    return "mend the channel, then try again" if error.is_permanent else "try again; slapg listen would"


def _merged(channel: str, old: ChannelRow | None, given: dict[str, Any]) -> ChannelRow:
    if old is None and given["kind"] is None:
        raise SlapgError(
            f"there is no channel {channel} yet, so its kind is needed",
            hint=f"give --kind {'|'.join(KINDS)}",
            exit_code=2,
        )
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    chosen |= {name: None for name, value in chosen.items() if value == ""}
    if old is None or chosen.get("kind", old.kind) != old.kind:
        old = ChannelRow(channel, given["kind"])
    return replace(old, **chosen)


@app.command()
def remove(channel: Name, dsn: Dsn = None) -> None:
    """Remove a channel's configuration. Needs the rights of role slapg_admin."""
    with connect(dsn) as connection:
        if not remove_channel(connection, channel):
            raise _unknown(channel)
    console.print(f"channel {channel} removed")


def _unknown(channel: str) -> SlapgError:
    return SlapgError(f"no channel {channel} is configured", hint="slapg channel list shows those that are")


def _table(lines: list[ChannelLine]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("channel", "kind"):
        table.add_column(name, no_wrap=True)
    table.add_column("goes to", overflow="fold")
    table.add_column("pending", justify="right")
    table.add_column("dead", justify="right")
    table.add_column("remarks")
    for line in lines:
        table.add_row(
            Text(line.channel, "bold"),
            line.kind or Text("none", "red"),
            Text(_where(line)),
            f"{line.pending:,}",
            Text(f"{line.dead:,}", "red" if line.dead else ""),
            Text(_remarks(line)),
        )
    return table


def _where(line: ChannelLine) -> str:
    if line.url:
        return line.url
    return {"in_app": "rows for your application", "email": "the listener's own mail server"}.get(
        line.kind or "", "nowhere"
    )


def _remarks(line: ChannelLine) -> str:
    said = {
        "not configured: its messages wait": line.kind is None,
        "disabled": not line.is_enabled,
        "not used": not line.is_used,
        f"from {line.sender}": line.sender is not None,
        "signed": line.signing_secret is not None,
    }
    return ", ".join(words for words, holds in said.items() if holds)
