"""The page of metrics: of this process, or of all workers of a server that has several.

Several workers share a folder, named by PROMETHEUS_MULTIPROC_DIR before prometheus_client is imported, in which each
keeps its values; whichever worker is asked adds them up.
"""

from __future__ import annotations

import os
import platform
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Gauge,
    ProcessCollector,
    disable_created_metrics,
    make_asgi_app,
)
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import graphql_api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# a series for each series that tells when it began would double what Prometheus keeps
disable_created_metrics()  # type: ignore[no-untyped-call]

_BUILD = Gauge(
    "expense_build_info", "1, with the versions in its labels.", ("version", "python"), multiprocess_mode="max"
)
_BUILD.labels(graphql_api.__version__, platform.python_version()).set(1)


class Workers(Collector):
    """CPU, memory and files of all workers together, under the names that a single process has."""

    def __init__(self, folder: Path) -> None:
        """Take the folder in whose file names the workers' process ids are."""
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Sums over the living workers, and the start of the eldest."""
        families = [list(ProcessCollector(pid=partial(int, pid), registry=None).collect()) for pid in self._pids()]
        by_name: dict[str, list[Metric]] = {}
        for metric in (metric for family in families for metric in family):
            by_name.setdefault(metric.name, []).append(metric)
        for name, metrics in by_name.items():
            values = [metric.samples[0].value for metric in metrics]
            value = min(values) if name == "process_start_time_seconds" else sum(values)
            family = CounterMetricFamily if metrics[0].type == "counter" else GaugeMetricFamily
            yield family(name, metrics[0].documentation, value=value)

    def _pids(self) -> list[int]:
        pids = {int(path.stem.rpartition("_")[2]) for path in self._folder.glob("*_*.db")}
        return sorted(pid for pid in pids if Path(f"/proc/{pid}").exists())


class MetricsEndpoint:
    """GET /metrics, in the text format or OpenMetrics as the client asks."""

    def __init__(self) -> None:
        """Find out whether the values of other workers are to be added."""
        self._app: ASGIApp = make_asgi_app(registry())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a scrape."""
        await self._app(scope, receive, send)


def registry() -> CollectorRegistry:
    """What a scrape collects."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]
    together.register(Workers(Path(folder)))
    return together
