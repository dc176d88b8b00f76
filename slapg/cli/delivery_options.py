"""Options that say how messages are delivered, for every command that delivers or shows one."""

from pathlib import Path
from typing import Annotated

import typer

from slapg.errors import SlapgError
from slapg.notifier.mail import MailDefaults, read_sender
from slapg.notifier.secrets import Secrets
from slapg.notifier.smtp import SmtpServer

SmtpUrl = Annotated[
    str | None,
    typer.Option(
        "--smtp-url",
        envvar="SLAPG_SMTP_URL",
        show_envvar=True,
        help="Mail server of tenants without one of their own: "
        "smtp://user:password@host:port/?starttls=auto|always|never, or smtps://…; without it, theirs waits.",
    ),
]
MailFrom = Annotated[
    str | None,
    typer.Option(
        "--mail-from",
        envvar="SLAPG_MAIL_FROM",
        show_envvar=True,
        help="Sender of mail of tenants without one of their own, like: SLA desk <sla@example.com>",
    ),
]
SecretsDir = Annotated[
    Path | None,
    typer.Option(
        "--secrets-dir",
        envvar="SLAPG_SECRETS_DIR",
        show_envvar=True,
        help="Folder of the files that ${file:NAME} in channels names; "
        "without it, $CREDENTIALS_DIRECTORY (systemd) or /run/secrets.",
    ),
]
TemplatesDir = Annotated[
    Path | None,
    typer.Option(
        "--templates-dir",
        envvar="SLAPG_TEMPLATES_DIR",
        show_envvar=True,
        exists=True,
        file_okay=False,
        help="Folder of message templates in place of the shipped ones.",
    ),
]


def mail_defaults(smtp_url: str | None, mail_from: str | None, secrets: Secrets) -> MailDefaults:
    """The mail server and sender of the options, the password hidden from now on.

    Raises `SlapgError` (wrong use) for what cannot be read, and for a server without a sender.
    """
    if smtp_url and not mail_from:
        raise SlapgError("no sender for mail", hint="give --mail-from, or set SLAPG_MAIL_FROM", exit_code=2)
    server = SmtpServer.from_url(smtp_url) if smtp_url else None
    if server is not None:
        secrets.hide(server.password)
    return MailDefaults(server, read_sender(mail_from) if mail_from else None)
