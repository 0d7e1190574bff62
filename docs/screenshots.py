"""Takes pictures of every page and chart, narrow and wide, light and dark, on the demo data.

    python docs/screenshots.py FOLDER [--only WORD] [--serve ADDRESS]

FOLDER gets `{page}-{wide|narrow}-{light|dark}.png` and `index.html`, which shows them beside each other. With `--only`
only pages whose name has the word are taken, with `--serve` a server that runs already is used.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright

OPENSPENDING: Final = str(Path(sys.executable).parent / "openspending")
SIZES: Final[Mapping[str, ViewportSize]] = {
    "wide": {"width": 1280, "height": 900},
    "narrow": {"width": 360, "height": 740},
}
TALLEST: Final = 4000  # pixels; longer pages are cut
DRAWN: Final = """() => [...document.querySelectorAll("openspending-chart")]
    .every(one => one.shadowRoot && !one.shadowRoot.querySelector(".waiting"))"""
SETTLED: Final = 600  # milliseconds in which what moves comes to rest
UK: Final = "/demo/ukgov-finances-cra"
MOLDOVA: Final = "/demo/boost-moldova"
CHARTS: Final = ("table", "bar", "treemap", "bubbles", "sunburst", "pie", "donut", "sankey", "radar", "pivot")
OVER_TIME: Final = ("line", "area")
PAGES: Final[Mapping[str, str]] = {
    "home": "/",
    "home-spanish": "/?lang=es",
    "owner": "/demo",
    "dataset": "/demo/mexico-2015",
    "dataset-spanish": "/demo/boost-moldova?lang=es",
    "search-lines": "/search?q=services",
    "search-datasets": "/search?show=datasets&q=services",
    "search-empty": "/search",
    "search-nothing": "/search?q=qqqqzzzz&country=GB",
    "search-spanish": "/search?q=educacion&lang=es",
    "not-found": "/demo/nothing",
    "sign-in": "/sign-in",
    "viewer": f"{UK}/view",
    "viewer-spanish": f"{MOLDOVA}/view?lang=es",
    "viewer-unknown": f"{UK}/view?chart=nothing",
    "viewer-unsuitable": f"{MOLDOVA}/view?chart=map",
    "chart-map": "/demo/mexico-2015/view?chart=map&group=ID_EF&cut=phase.phase:executed",
    "embedded": f"/embed{MOLDOVA}",
}
SIGNED_IN: Final[Mapping[str, str]] = {
    "manage": "/manage",
    "manage-account": "/manage/account",
    "manage-usage": "/manage/usage",
    "manage-dataset": "/manage/demo/mexico-2015",
    "manage-about": "/manage/demo/mexico-2015/about",
    "import": "/import",
    "import-spanish": "/import?lang=es",
}


@contextmanager
def demo(folder: Path) -> Iterator[tuple[str, str]]:
    """A server with the demo data, and the link by which its administrator signs in."""
    command = [OPENSPENDING, "--data", str(folder / "data"), "demo", "--serve", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            said = ""
            while (found := re.search(r"http://\S+/sign-in#\S+", said)) is None:
                assert server.stdout is not None
                line = server.stdout.readline()
                if not line:
                    raise SystemExit(f"The server did not start:\n{said}")
                said += line
            yield found.group().partition("/sign-in")[0], found.group()
        finally:
            server.terminate()


def pages(address: str) -> dict[str, str]:
    """Names and paths of all pages: those above, every chart, one line, one member."""
    charts = {f"chart-{one}": f"{MOLDOVA}/view?chart={one}" for one in CHARTS}
    charts |= {f"chart-{one}": f"{UK}/view?chart={one}" for one in OVER_TIME}
    fact = httpx.get(f"{address}/v1/search/lines", params={"q": "services", "pagesize": 1}).json()["data"][0]
    line = f"/{fact['dataset']}/facts/{fact['fact']}"
    dataset = httpx.get(f"{address}/demo/mexico-2015").text
    member = re.search(r'href="(/demo/[^"/]+/members/[^"]+)"', dataset)
    return {**PAGES, **charts, "line": line, **({"member": member[1]} if member else {})}


def take(context: BrowserContext, taken: Mapping[str, str], folder: Path) -> None:
    """Pictures of these pages in every size and scheme. Prints what a page's console complains of."""
    page = context.new_page()
    page.on("console", lambda said: _complain(page.url, said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: _complain(page.url, str(error)))
    for name, path in taken.items():
        for width, size in SIZES.items():
            page.set_viewport_size(size)
            page.goto(path, wait_until="load")
            page.wait_for_function(DRAWN)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(SETTLED)
                height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    page.close()


def _complain(address: str, said: str) -> None:
    sys.stderr.write(f"{address}: {said}\n")


def index(folder: Path) -> None:
    """A page with all pictures that are there."""
    shown = "".join(
        f'<figure><figcaption>{escape(one.stem)}</figcaption><a href="{escape(one.name)}">'
        f'<img src="{escape(one.name)}" height="480" loading="lazy" alt=""></a></figure>'
        for one in sorted(folder.glob("*.png"))
    )
    style = "<style>figure { display: inline-block; margin: .5rem; vertical-align: top }</style>"
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8">{style}{shown}', encoding="utf-8")


def main(folder: Path, only: str, served: str) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address, link = (served, "") if served else stack.enter_context(demo(place))
        playwright = stack.enter_context(sync_playwright())
        flags = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser: Browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        context = browser.new_context(base_url=address, locale="en-GB")
        take(context, {name: path for name, path in pages(address).items() if only in name}, folder)
        if link:
            page = context.new_page()
            page.goto(link)
            page.get_by_role("button", name="link").click()
            page.wait_for_url("**/")
            page.close()
            take(context, {name: path for name, path in SIGNED_IN.items() if only in name}, folder)
        browser.close()
    index(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python docs/screenshots.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--serve", default="", metavar="ADDRESS")
    given = parser.parse_args()
    main(given.folder, given.only, given.serve)
