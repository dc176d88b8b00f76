"""The Apprise channel: what its services post to a real HTTP server."""

import json
import socket
from collections.abc import Iterator
from threading import Thread
from time import monotonic

import apprise
import pytest

from slapg.notifier import DeliveryError, UnreachableError
from slapg.notifier.chat import AppriseChannel
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets
from tests.notifier.web_sink import WebSink


@pytest.fixture
def web() -> Iterator[WebSink]:
    with WebSink() as web:
        yield web


@pytest.fixture
def channel() -> AppriseChannel:
    return AppriseChannel(Secrets({"SLAPG_SECRET_TOKEN": "T0/B0"}), Renderer())


@pytest.fixture
def url(web: WebSink) -> str:
    return f"json://127.0.0.1:{web.port}/${{env:TOKEN}}"


@pytest.mark.parametrize(
    ("template", "mood"),
    [("warning", "warning"), ("breach", "failure"), ("escalation", "failure"), ("resolution_met", "success")],
)
def test_a_message_arrives_in_its_mood(
    web: WebSink, channel: AppriseChannel, url: str, notify, template: str, mood: str
) -> None:
    notification = notify(template, kind="apprise", url=url, recipient_name=None)
    assert channel.send(notification) is None
    (request,) = web.requests
    assert request.path == "/T0/B0"
    said = json.loads(request.body)
    assert said["title"] == Renderer().render(notification).subject
    assert "Printer on fire" in said["title"]
    assert "1234" in said["message"]
    assert said["type"] == mood


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (404, True), (408, False), (429, False), (500, False)]
)
def test_the_services_no_is_told_in_apprises_words(
    web: WebSink, channel: AppriseChannel, url: str, notify, status: int, permanent: bool
) -> None:
    web.answer(status)
    with pytest.raises(DeliveryError, match=f"Apprise: Failed to send JSON .*{status}") as failure:
        channel.send(notify(url=url))
    assert type(failure.value) is DeliveryError
    assert failure.value.is_permanent is permanent
    channel.send(notify(url=url))
    assert len(web.requests) == 2


def test_redirects_are_not_followed(web: WebSink, channel: AppriseChannel, url: str, notify) -> None:
    web.answer(307, headers={"Location": f"http://127.0.0.1:{web.port}/elsewhere"})
    with pytest.raises(DeliveryError, match="307"):
        channel.send(notify(url=url))
    assert len(web.requests) == 1


def test_no_server_is_out_of_order(channel: AppriseChannel, notify) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match="Apprise: A Connection error occurred"):
        channel.send(notify(url=f"json://127.0.0.1:{port}/"))


def test_a_server_that_hangs_up_takes_an_attempt(channel: AppriseChannel, notify) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(100)
            connection.close()

        thread = Thread(target=hang_up)
        thread.start()
        with pytest.raises(DeliveryError, match="Connection error") as failure:
            channel.send(notify(url=f"json://127.0.0.1:{server.getsockname()[1]}/"))
        thread.join()
    assert type(failure.value) is DeliveryError
    assert not failure.value.is_permanent


@pytest.mark.parametrize("url", ["nonsense://${env:TOKEN}", "slack://", "", None, "http"])
def test_a_service_that_apprise_does_not_know_is_final(
    channel: AppriseChannel, notify, url: str | None
) -> None:
    with pytest.raises(DeliveryError, match="Apprise knows no such service") as failure:
        channel.send(notify(url=url))
    assert failure.value.is_permanent


def test_the_pause_that_a_service_asks_for_is_kept(
    web: WebSink, channel: AppriseChannel, url: str, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = type(apprise.Apprise.instantiate("json://host"))
    monkeypatch.setattr(plugin, "request_rate_per_sec", 0.3)
    began = monotonic()
    for number in range(3):
        channel.send(notify(notification_id=number, url=url))
    assert monotonic() - began >= 0.6
