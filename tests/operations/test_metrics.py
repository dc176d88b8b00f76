"""The listener's metrics: what its parts report, and what the database adds."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from prometheus_client import CollectorRegistry
from psycopg.conninfo import make_conninfo

from slapg import __version__
from slapg.listener.metrics import Metrics
from slapg.listener.queue import QueueCollector

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def queue(db_url: str) -> Iterator[QueueCollector]:
    """Asks with the rights of a listener, each time anew."""
    collector = QueueCollector(make_conninfo(db_url, options="-c role=slapg_listener"), kept_seconds=0)
    yield collector
    collector.close()


def _samples(registry: CollectorRegistry) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in registry.collect()
        for sample in metric.samples
    }


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_attempts_by_kind_and_outcome() -> None:
    metrics = Metrics()
    metrics.attempted("email", "sent", 0.02)
    metrics.attempted("email", "sent", 20)
    metrics.attempted("webhook", "failed", 0.2)
    assert _value(metrics, "slapg_delivery_attempts_total", kind="email", outcome="sent") == 2
    assert _value(metrics, "slapg_delivery_attempts_total", kind="webhook", outcome="failed") == 1
    assert _value(metrics, "slapg_delivery_seconds_bucket", kind="email", le="0.025") == 1
    assert _value(metrics, "slapg_delivery_seconds_sum", kind="email") == pytest.approx(20.02)


def test_sweeps_and_how_late_thresholds_were() -> None:
    metrics = Metrics()
    metrics.swept(0.3)
    metrics.crossed_late([0.04, 0.4, 7])
    assert _value(metrics, "slapg_sweeps_total") == 1
    assert _value(metrics, "slapg_sweep_seconds_sum") == pytest.approx(0.3)
    assert _value(metrics, "slapg_threshold_lateness_seconds_bucket", le="0.5") == 2
    assert _value(metrics, "slapg_threshold_lateness_seconds_count") == 3


def test_lost_connections_templates_and_the_build() -> None:
    metrics = Metrics()
    metrics.connection_lost("timer")
    metrics.template_failed("breach")
    assert _value(metrics, "slapg_connections_lost_total", part="timer") == 1
    assert _value(metrics, "slapg_template_errors_total", template="breach") == 1
    (build,) = [key for key in _samples(metrics.registry) if key[0] == "slapg_build_info"]
    assert ("version", __version__) in build[1]


def test_the_heartbeat_ages(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("slapg.listener.metrics.monotonic", lambda: now)
    metrics = Metrics()
    before = _value(metrics, "slapg_heartbeat_age_seconds")
    assert before is not None
    assert before != before  # NaN: not heard yet is not the same as heard just now
    metrics.heartbeat()
    now += 12
    assert _value(metrics, "slapg_heartbeat_age_seconds") == 12


def test_two_listeners_in_a_process_do_not_add_up() -> None:
    one, other = Metrics(), Metrics()
    one.swept(1)
    assert _value(other, "slapg_sweeps_total") == 0


QUEUE = """
with ticket as (
    insert into helpdesk.tickets (ticket_number, title, entered_at) values ('T1', 'Broken', sla.now())
    returning ticket_id
)
insert into sla.notifications
    (ticket_id, channel, template, state, created_at, next_attempt_at, last_error)
select t.ticket_id, n.channel, 'breach', n.state, sla.now(), sla.now() + n.due, n.error
from ticket t, (values
    ('email', 'pending', interval '-90 seconds', null),
    ('email', 'pending', interval '-30 seconds', null),
    ('email', 'pending', interval '1 hour', null),
    ('pager', 'dead', null, '550 no such user')
) as n (channel, state, due, error)
"""


def test_the_depth_of_the_queue(db: psycopg.Connection[Any], queue: QueueCollector) -> None:
    metrics = Metrics(queue)
    assert not [name for name, _ in _samples(metrics.registry) if name == "slapg_queue_notifications"]
    db.execute(QUEUE)
    assert _value(metrics, "slapg_database_up") == 1
    assert _value(metrics, "slapg_queue_notifications", channel="email", state="pending") == 3
    assert _value(metrics, "slapg_queue_notifications", channel="pager", state="dead") == 1
    oldest = _value(metrics, "slapg_queue_oldest_seconds", channel="email")
    assert oldest is not None
    assert 90 <= oldest < 120


def test_the_lag_of_the_sweep(db: psycopg.Connection[Any], queue: QueueCollector) -> None:
    metrics = Metrics(queue)
    assert _value(metrics, "slapg_sweep_lag_seconds") == 0
    db.execute(
        """
        with priority as (insert into helpdesk.priorities (name) values ('High') returning priority_id),
        policy as (insert into sla.policies (name, is_default) values ('Gold', true) returning policy_id)
        insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7)
        select policy_id, priority_id, 60, true from priority, policy
        """
    )
    db.execute(
        """
        insert into helpdesk.tickets (ticket_number, title, priority_id, entered_at)
        select 'T1', 'Broken', p.priority_id, now() - interval '2 hours' from helpdesk.priorities p
        """
    )
    due = db.execute("select extract(epoch from now() - sla.next_fire_at())::float8").fetchone()
    lag = _value(metrics, "slapg_sweep_lag_seconds")
    assert due is not None
    assert lag is not None
    assert due[0] > 0
    assert due[0] <= lag < due[0] + 30


def test_an_answer_of_the_database_is_kept_for_a_while(db: psycopg.Connection[Any], db_url: str) -> None:
    queue = QueueCollector(db_url, kept_seconds=60)
    before = queue.read()
    db.execute(QUEUE)
    assert queue.read() is before
    queue.close()


def test_the_database_goes_and_comes_back(db: psycopg.Connection[Any], queue: QueueCollector) -> None:
    db.execute(QUEUE)
    metrics = Metrics(queue)
    assert _value(metrics, "slapg_database_up") == 1
    db.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where application_name = 'slapg listen: metrics' and datname = current_database()"
    )
    samples = _samples(metrics.registry)
    assert samples["slapg_database_up", ()] == 0
    assert not [name for name, _ in samples if name.startswith("slapg_queue_")]  # no old values
    assert _value(metrics, "slapg_database_up") == 1
    assert _value(metrics, "slapg_queue_notifications", channel="pager", state="dead") == 1


def test_no_database_at_all() -> None:
    queue = QueueCollector("postgresql://nobody@127.0.0.1:1/none")
    problem = queue.read().problem
    assert problem is not None
    assert "127.0.0.1:1" in problem
