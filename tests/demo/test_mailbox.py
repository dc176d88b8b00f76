"""The demo's mail server."""

import smtplib
from email.message import EmailMessage

from slapg.demo.live import collect
from slapg.demo.mailbox import open_mailbox


def test_the_mailbox_shows_what_it_was_sent_in_order() -> None:
    with open_mailbox() as mailbox:
        port = int(mailbox.url.rpartition(":")[2])
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
            for subject in ("Grüße", "second"):
                mail = EmailMessage()
                mail["Subject"], mail["From"], mail["To"] = subject, "a@example.com", "b@example.com"
                mail.set_content("text")
                server.send_message(mail)
        first = mailbox.take(10)
        assert first is not None
        assert [mail["Subject"] for mail in collect(mailbox, first)] == ["Grüße", "second"]
        assert mailbox.take(0) is None
