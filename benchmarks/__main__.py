"""All measurements, one after the other: `python -m benchmarks`."""

from __future__ import annotations

from benchmarks import aggregate, importing, publish

if __name__ == "__main__":
    publish.main(rows=1_000_000, runs=3)
    importing.compare(rows=1_000_000, runs=3)
    aggregate.main(rows=1_000_000, requests=50)
