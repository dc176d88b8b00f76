"""The e-mail channel as tests use it."""

from slapg.notifier.mail import EmailChannel, MailDefaults, read_sender
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets
from slapg.notifier.smtp import SmtpServer

SENDER = read_sender("SLA desk <sla@desk.example>")


def channel_to(url: str) -> EmailChannel:
    return EmailChannel(MailDefaults(SmtpServer.from_url(url), SENDER), Secrets({}), Renderer())
