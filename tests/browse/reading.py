"""Reads pages as a browser would: what they are made of, where they lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from litestar.testing import TestClient

Browser = TestClient[Any]


class Reader(HTMLParser):
    """Collects what a page is made of: its elements, attributes, links and text; what is marked, what has a label, and
    where the links lead that have a name of their own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.headings: list[str] = []
        self.marked: list[str] = []
        self.inputs: set[str] = set()
        self.labels: set[str] = set()
        self.named: dict[str, str] = {}
        self._open = ""
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.forms: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        self._open = tag
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "label":
            self.labels.add(given["for"])
        if tag == "input" and given.get("type") != "hidden":
            self.inputs.add(given["id"])
        if tag == "a" and "aria-label" in given:
            self.named[given["aria-label"]] = given["href"]
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href" and value]
        self.forms |= {value or "" for name, value in attrs if name in {"action", "formaction"}}

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open == "mark":
            self.marked.append(data)


def page(browser: Browser, path: str) -> Reader:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return Reader(answer.text)
