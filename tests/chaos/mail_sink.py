"""Mail servers that break off, and that are quick."""

import re

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.notifier.smtp_sink import OK, SmtpSink

NUMBER = re.compile(rb"^Message-ID:\s*<slapg\.(\d+)\.", re.IGNORECASE | re.MULTILINE)


class RudeSmtpSink(SmtpSink):
    """`hang_up_after_data(times=2)`: it takes the next two mails and hangs up instead of saying so."""

    def __init__(self) -> None:
        super().__init__()
        self._rude = 0

    def hang_up_after_data(self, times: int = 1) -> None:
        self._rude = times

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self._rude > 0:
            self._rude -= 1
            assert server.transport is not None
            server.transport.abort()
        return answer


class QuickSmtpSink(SmtpSink):
    """Reads of each mail only which notification it is, for thousands of them: `taken`, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[int] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        found = NUMBER.search(envelope.content)
        assert found is not None
        self.taken.append(int(found[1]))
        return OK
