"""An SMTP server, as its URL names it."""

from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import parse_qs, unquote, urlsplit

from slapg.errors import SlapgError

StartTls = Literal["auto", "always", "never"]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EXAMPLE = "smtp://user:password@mail.example.com:587/?starttls=always, or smtps://… for TLS from the start"


@dataclass(frozen=True)
class SmtpServer:
    """Where mail goes: `smtp://user:password@host:port/?starttls=auto|always|never`, or `smtps://…`.

    `auto` encrypts when the server offers it, except on this machine, where nobody listens and certificates
    are seldom real. Certificates are always verified.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False
    starttls: StartTls = "auto"

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read the URL; raises `SlapgError` (wrong use) that never quotes it, because of the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _unreadable("it is no URL (special characters in a password are written as %XX)") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise _unreadable("it needs smtp:// or smtps:// and a host")
        options = parse_qs(parts.query, keep_blank_values=True)
        starttls = options.pop("starttls", ["auto"])[-1]
        if options:
            raise _unreadable(f"unknown option {next(iter(options))}")
        if starttls not in ("auto", "always", "never"):
            raise _unreadable("starttls is auto, always or never")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587 if parts.username else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit,
            starttls=cast(StartTls, starttls),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        return self.host in _LOOPBACK


def _unreadable(why: str) -> SlapgError:
    return SlapgError(f"the SMTP URL cannot be read: {why}", hint=f"write it like {_EXAMPLE}", exit_code=2)
