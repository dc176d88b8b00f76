"""The webhook channel, against a real HTTP server and the verifier of the Standard Webhooks library."""

import base64
import json
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from slapg.notifier import DeliveryError, UnreachableError, webhook
from slapg.notifier.secrets import Secrets
from slapg.notifier.webhook import WebhookChannel
from tests.notifier.conftest import PAYLOAD
from tests.notifier.dripping import drip
from tests.notifier.web_sink import WebSink

OLD = "whsec_" + base64.b64encode(b"an old key of the endpoint").decode()
NEW = "whsec_" + base64.b64encode(b"a new key of the endpoint").decode()


@pytest.fixture
def web() -> Iterator[WebSink]:
    with WebSink() as web:
        yield web


@pytest.fixture
def channel() -> Iterator[WebhookChannel]:
    environment = {
        "SLAPG_SECRET_OLD": OLD,
        "SLAPG_SECRET_BOTH": f"{NEW} {OLD}",
        "SLAPG_SECRET_BAD": "whsec_!",
    }
    channel = WebhookChannel(Secrets(environment))
    yield channel
    channel.close()


def test_a_cloud_event_arrives(web: WebSink, channel: WebhookChannel, notify) -> None:
    payload = PAYLOAD | {"recipients": [{"name": "Änn", "email": "a@example.com"}]}
    assert channel.send(notify(kind="webhook", channel="ops", url=web.url, payload=payload)) is None
    (request,) = web.requests
    assert request.path == "/hook"
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert "webhook-signature" not in request.headers
    event = json.loads(request.body)
    assert request.headers["webhook-id"] == event["id"]
    assert {key: event[key] for key in event if key not in ("id", "data")} == {
        "specversion": "1.0",
        "source": "/slapg/tenants/00000000-0000-0000-0000-000000000001",
        "type": "TICKET_SLA_THRESHOLD_REACHED",
        "subject": "00000000-0000-0000-0000-000000000002",
        "time": "2026-03-03T12:30:00Z",
        "datacontenttype": "application/json",
    }
    assert event["data"] == payload | {
        "tenant_id": "00000000-0000-0000-0000-000000000001",
        "ticket_id": "00000000-0000-0000-0000-000000000002",
        "notification_id": 7,
        "event_id": 5,
        "channel": "ops",
        "template": "warning",
    }


@pytest.mark.parametrize("crossed_at", [None, "infinity", 5])
def test_without_a_crossing_the_time_is_the_rows(
    web: WebSink, channel: WebhookChannel, notify, crossed_at: object
) -> None:
    channel.send(notify(url=web.url, payload={"crossed_at": crossed_at}))
    assert json.loads(web.requests[0].body)["time"] == "2026-03-03T12:30:01Z"


def test_every_attempt_has_the_same_id(web: WebSink, channel: WebhookChannel, notify) -> None:
    for parts in ({}, {"attempt": 2}, {"notification_id": 8}):
        channel.send(notify(url=web.url, **parts))
    first, again, other = (request.headers["webhook-id"] for request in web.requests)
    assert first == again != other


def test_a_signature_convinces_the_standard_library(web: WebSink, channel: WebhookChannel, notify) -> None:
    channel.send(notify(url=web.url, signing_secret="${env:OLD}"))
    (request,) = web.requests
    assert Webhook(OLD).verify(request.body, request.headers)["data"]["title"] == "Printer on fire"
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(request.body.replace(b"fire", b"ice!"), request.headers)


def test_while_a_secret_changes_both_sign(web: WebSink, channel: WebhookChannel, notify) -> None:
    channel.send(notify(url=web.url, signing_secret="${env:BOTH}"))
    for secret in (OLD, NEW):
        Webhook(secret).verify(web.requests[0].body, web.requests[0].headers)


def test_a_signing_secret_of_another_form_is_final(web: WebSink, channel: WebhookChannel, notify) -> None:
    with pytest.raises(DeliveryError, match="whsec_<base64>") as failure:
        channel.send(notify(url=web.url, signing_secret="${env:BAD}"))
    assert failure.value.is_permanent
    assert web.requests == []


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (401, True), (404, True), (410, True), (408, False), (425, False), (429, False),
     (500, False), (503, False), (302, False)],
)  # fmt: skip
def test_the_endpoints_no_is_told_in_its_words(
    web: WebSink, channel: WebhookChannel, notify, status: int, permanent: bool
) -> None:
    web.answer(status, b"go\naway\x00 " + b"x" * 5000)
    with pytest.raises(DeliveryError, match=f"HTTP {status}.*: go away x+…$") as failure:
        channel.send(notify(url=web.url))
    assert type(failure.value) is DeliveryError
    assert failure.value.is_permanent is permanent
    assert len(str(failure.value)) < 300
    channel.send(notify(url=web.url))


def test_redirects_are_not_followed(web: WebSink, channel: WebhookChannel, notify) -> None:
    web.answer(307, headers={"Location": f"http://127.0.0.1:{web.port}/elsewhere"})
    with pytest.raises(DeliveryError, match=r"HTTP 307 .*redirects are not followed"):
        channel.send(notify(url=web.url))
    assert [request.path for request in web.requests] == ["/hook"]


@pytest.mark.parametrize(("size", "connections"), [(3000, 1), (1_000_000, 2)])
def test_a_long_answer_is_not_read_to_its_end(
    web: WebSink, channel: WebhookChannel, notify, size: int, connections: int
) -> None:
    web.answer(200, b"x" * size)
    channel.send(notify(url=web.url))
    channel.send(notify(url=web.url))
    assert web.connections == connections


def test_connections_are_kept_by_threads(web: WebSink, channel: WebhookChannel, notify) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: channel.send(notify(notification_id=n, url=web.url)), range(60)))
    assert len({request.headers["webhook-id"] for request in web.requests}) == 60
    assert web.connections <= 4


def test_no_server_is_out_of_order(channel: WebhookChannel, notify) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"127.0.0.1:{port}: .*refused"):
        channel.send(notify(url=f"http://127.0.0.1:{port}/secret-path"))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_such_name_is_out_of_order(channel: WebhookChannel, notify, scheme: str) -> None:
    with pytest.raises(UnreachableError, match=r"nowhere.invalid"):
        channel.send(notify(url=f"{scheme}://nowhere.invalid/"))


def test_a_server_without_tls_is_out_of_order(web: WebSink, channel: WebhookChannel, notify) -> None:
    with pytest.raises(UnreachableError, match=r"(?i)ssl"):
        channel.send(notify(url=web.url.replace("http:", "https:")))


def test_tls_verifies_whom_it_talks_to(self_signed: ssl.SSLContext, channel: WebhookChannel, notify) -> None:
    with WebSink(self_signed) as web:
        with pytest.raises(UnreachableError, match="certificate"):
            channel.send(notify(url=web.url))
        assert web.requests == []


def test_events_go_through_tls(self_signed: ssl.SSLContext, trusting: None, notify) -> None:
    with WebSink(self_signed) as web:
        channel = WebhookChannel(Secrets({}))
        channel.send(notify(url=web.url))
        channel.send(notify(url=web.url))
        channel.close()
        assert (len(web.requests), web.connections) == (2, 1)


def test_an_endpoint_that_does_not_answer_takes_an_attempt(
    web: WebSink, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.2)
    web.hold()
    with pytest.raises(DeliveryError, match="no answer within") as failure:
        WebhookChannel(Secrets({})).send(notify(url=web.url))
    assert type(failure.value) is DeliveryError
    assert not failure.value.is_permanent


def test_an_endpoint_that_answers_byte_by_byte_is_hung_up_on(notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.4)
    with drip(b"HTTP/1.1 200 O" + b"K" * 10_000) as port:  # the status line never ends
        began = monotonic()
        with pytest.raises(DeliveryError) as failure:
            WebhookChannel(Secrets({})).send(notify(url=f"http://127.0.0.1:{port}/"))
        assert monotonic() - began < 5
    assert type(failure.value) is DeliveryError
    assert not failure.value.is_permanent


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://host:port/", "ftp://host/", "", None])
def test_a_url_that_cannot_be_used_is_final(channel: WebhookChannel, notify, url: str | None) -> None:
    with pytest.raises(DeliveryError, match="URL of the channel") as failure:
        channel.send(notify(url=url))
    assert failure.value.is_permanent


def test_a_login_in_the_url_is_used(web: WebSink, notify) -> None:
    channel = WebhookChannel(Secrets({"SLAPG_SECRET_PW": "p@ss:w/rd"}))
    channel.send(notify(url=f"http://anna:${{env:PW}}@127.0.0.1:{web.port}/hook"))
    said = web.requests[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(said) == b"anna:p@ss:w/rd"
    assert web.requests[0].path == "/hook"


def test_the_environments_proxy_is_used(web: WebSink, notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://user:hush@127.0.0.1:{web.port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    channel = WebhookChannel(Secrets({}))
    channel.send(notify(url="http://hooks.example/in"))
    channel.send(notify(url=web.url))
    proxied, direct = web.requests
    assert proxied.path == "http://hooks.example/in"
    assert base64.b64decode(proxied.headers["proxy-authorization"].removeprefix("Basic ")) == b"user:hush"
    assert direct.path == "/hook"
