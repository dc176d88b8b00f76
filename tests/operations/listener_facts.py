"""What `slapg listen` has, asked from the program itself: options, variables and metrics."""

from functools import cache
from pathlib import Path

import typer
from prometheus_client.core import Metric

from slapg.cli.app import app
from slapg.listener.metrics import Metrics
from slapg.listener.queue import QueueState, families

ROOT = Path(__file__).resolve().parents[2]


def _parameters() -> list[tuple[tuple[str, ...], str | None]]:
    root = typer.main.get_command(app)
    command = root.get_command(None, "listen")  # type: ignore[attr-defined]
    return [((*one.opts, *one.secondary_opts), one.envvar) for one in command.params]


def options() -> set[str]:
    """Names of all options."""
    return {name for names, _ in _parameters() for name in names}


def variables() -> set[str]:
    """Names of all environment variables."""
    return {variable for _, variable in _parameters() if variable}


def option_rows() -> set[tuple[tuple[str, ...], str | None]]:
    """Each option with its variable."""
    return set(_parameters())


@cache
def metric_families() -> dict[str, Metric]:
    """Each metric of slapg's own by its name without `_total`, with a value for each label."""
    metrics = Metrics()
    metrics.attempted("email", "sent", 1)
    metrics.connection_lost("timer")
    metrics.template_failed("breach")
    of_the_database = families(QueueState(depth={("email", "pending"): 1}, oldest_seconds={"email": 1.0}))
    found = [*metrics.registry.collect(), *of_the_database]
    return {metric.name: metric for metric in found if metric.name.startswith("slapg_")}


def metric_names() -> set[str]:
    """Names under which Prometheus knows them, buckets and sums included."""
    return {sample.name for metric in metric_families().values() for sample in metric.samples}
