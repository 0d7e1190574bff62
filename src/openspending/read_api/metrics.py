"""`/metrics`: how this process does, for Prometheus. Labels are endpoints, formats and classes of status alone.

A dataset's name is no label, since each would make a line for every endpoint; `/v1/usage` tells usage by dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder

from openspending.usage.counts import Count
from openspending.web import AnyRequest

SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
MEMORY: Final = "openspending_database_memory_bytes"
OPEN: Final = "openspending_open_cubes"
PENDING: Final = "openspending_search_pending_datasets"
GAUGES: Final[Mapping[str, str]] = {
    MEMORY: "Memory that the database engine holds.",
    OPEN: "Cubes that are open.",
    PENDING: "Public datasets that are not in the search index yet, or not in their newest revision.",
}


class Metrics:
    """The figures of one process, in a registry of its own. Safe to share between threads.

    `gauges` ask for figures of the moment, by the names in GAUGES.
    """

    def __init__(self, gauges: Mapping[str, Callable[[], int]]) -> None:
        self.registry = kept = CollectorRegistry()
        labels = ("endpoint", "format", "status")
        self._requests = Counter("openspending_requests", "Requests answered.", labels, registry=kept)
        self._rows = Counter("openspending_rows", "Rows in answers.", labels, registry=kept)
        self._bytes = Counter("openspending_sent_bytes", "Bytes sent as bodies of answers.", labels, registry=kept)
        self._seconds = Histogram(
            "openspending_request_seconds", "Time to answer.", ("endpoint",), buckets=SECONDS, registry=kept
        )
        for name, tell in gauges.items():
            Gauge(name, GAUGES[name], registry=kept).set_function(tell)
        ProcessCollector(registry=kept)
        # finding children by their labels takes longer than counting
        self._known: dict[tuple[str, str, str], tuple[Counter, Counter, Counter, Histogram]] = {}

    def add(self, endpoint: str, format_: str, status: str, count: Count) -> None:
        """Count a request. The texts must come from small fixed sets."""
        place = (endpoint, format_, status)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = (
                self._requests.labels(*place),
                self._rows.labels(*place),
                self._bytes.labels(*place),
                self._seconds.labels(endpoint),
            )
        requests, rows, sent, seconds = known
        requests.inc(count.calls)
        rows.inc(count.rows)
        sent.inc(count.bytes)
        seconds.observe(count.microseconds / 1e6)

    def handler(self) -> HTTPRouteHandler:
        """The handler of `/metrics`."""

        @route("/metrics", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=True)
        def metrics(request: AnyRequest) -> Response[bytes]:
            """Figures of this process in the text format of Prometheus, or in OpenMetrics where it is accepted."""
            encode, media_type = choose_encoder(request.headers.get("accept", ""))
            # as a header: of a text's media type Litestar would say the charset once more
            headers = {"Cache-Control": "no-store", "Content-Type": media_type}
            return Response(encode(self.registry), headers=headers)

        return metrics
