"""How soon pages are there on a slow telephone, and what they weigh: the largest content's paint (LCP) and bytes.

    python -m benchmarks.pages [--runs 5] [PATH …]

Chromium is slowed down as Lighthouse does: 1.6 Mbit/s, 150 ms there and back, a processor of a quarter of the speed,
and nothing in its cache. The server has answered each page once before. The exit code is 1 where a page is too slow.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import serving

PATHS: Final = (
    "/",
    "/demo/ukgov-finances-cra",
    "/demo/ukgov-finances-cra/view",
    "/demo/boost-moldova",
    "/search?q=services",
    "/search?show=datasets&q=services",
)
LONGEST: Final = 2500  # milliseconds
HEAVIEST: Final = 150_000  # bytes of scripts, as they are sent
TELEPHONE: Final = {"width": 412, "height": 823}
_SLOW: Final = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
_SETTLED: Final = 1500  # milliseconds after loading in which a script may still paint something larger
_LARGEST: Final = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({ type: 'largest-contentful-paint', buffered: true }))"""
_SHIFTED: Final = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(sum), 50);
})"""


@dataclass(slots=True)
class Visit:
    """One visit of a page: when its largest content was painted, how much moved, and the bytes that came, by kind."""

    painted: float = 0
    moved: float = 0
    took: dict[str, float] = field(default_factory=dict)

    @property
    def all(self) -> float:
        """All bytes."""
        return sum(self.took.values())


def visit(browser: Browser, address: str) -> Visit:
    """A visit with an empty cache."""
    context = browser.new_context(viewport=TELEPHONE, device_scale_factor=2, locale="en-GB")  # type: ignore[arg-type]
    try:
        page = context.new_page()
        found = Visit()
        _slow_down(page, found)
        page.goto(address, wait_until="load", timeout=60_000)
        page.wait_for_timeout(_SETTLED)
        found.painted, found.moved = page.evaluate(_LARGEST), page.evaluate(_SHIFTED)
        return found
    finally:
        context.close()


def _slow_down(page: Page, found: Visit) -> None:
    devtools = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}

    def began(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        found.took[kind] = found.took.get(kind, 0) + event["encodedDataLength"]

    devtools.on("Network.responseReceived", began)
    devtools.on("Network.loadingFinished", ended)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def measure(address: str, paths: list[str], runs: int) -> bool:
    """Print the medians of so many visits to each page; whether all are within bounds."""
    within = True
    print("| page | LCP | moved (CLS) | HTML | styles | scripts | all |\n|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for path in paths:
            serving.wait_for(address + path)
            seen = [visit(browser, address + path) for _ in range(runs)]
            painted = statistics.median(one.painted for one in seen)
            weighed = seen[-1]
            within = within and painted <= LONGEST and weighed.took.get("Script", 0) <= HEAVIEST
            bytes_ = [weighed.took.get(kind, 0) for kind in ("Document", "Stylesheet", "Script")]
            sizes = " | ".join(f"{one / 1000:.1f} kB" for one in (*bytes_, weighed.all))
            print(f"| `{path}` | {painted / 1000:.2f} s | {weighed.moved:.3f} | {sizes} |", flush=True)
        browser.close()
    return within


def main(paths: list[str], runs: int) -> bool:
    """Publish the demo packages, serve and measure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([serving.OPENSPENDING, "--data", str(data), "demo"], check=True, capture_output=True)
        with serving.served(data) as (address, _):
            return measure(address.rstrip("/"), paths, runs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("paths", nargs="*", default=list(PATHS), metavar="PATH")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    sys.exit(0 if main(given.paths, given.runs) else 1)
