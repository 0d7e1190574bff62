"""All measurements that need nothing from elsewhere, one after the other: `python -m benchmarks`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import importing, load, publish, readapi, search

if __name__ == "__main__":
    publish.main(rows=1_000_000, runs=3)
    importing.compare(rows=1_000_000, runs=3)
    with tempfile.TemporaryDirectory() as folder:
        readapi.show(readapi.measure(1_000_000, Path(folder), "v1", requests=20))
        load.main(20, 1_000_000, "v1", Path(folder), clients=16)
        search.main(1_000_000, Path(folder), 20, 10, with_peers=True)
