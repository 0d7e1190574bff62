"""What the pages and scripts say, found in their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("browse", "viz")
_METHODS: Final = [("**/static/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS: Final = {"**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
_NAMED: Final = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
_CALLS: Final = re.compile(r"""(?<![\w])t\(\s*("(?:[^"\\]|\\.)*")""")
_COUNTS: Final = re.compile(r"""(?<![\w])n\(\s*[^,"]+,\s*"(?:[^"\\]|\\.)*",\s*("(?:[^"\\]|\\.)*")""")

_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_JINJA: Final = re.compile(
    r"\{% block area %\}\w*\{% endblock %\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}",
    re.DOTALL,
)
_TAG: Final = re.compile(r"<[^>]*>")
_CODE: Final = re.compile(r"<(code|script|style)\b.*?</\1>", re.DOTALL)
_SAID: Final = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')
_NAMES: Final = re.compile(r"\b(OpenSpending|API|JSON|CSV|Data Package|Data set|BibTeX|UTC|ms|nbsp)\b")

Sentence = str | tuple[str, ...]


def of_pages() -> Iterator[tuple[str, Sentence]]:
    """(place, sentence) of every sentence in templates and modules; those of which there are two forms are pairs."""
    for package in PACKAGES:
        folder = ROOT / "src" / "openspending" / package
        keywords = {**DEFAULT_KEYWORDS, "later": None}
        for path, line, said, _, _ in extract_from_dir(folder, _METHODS, _OPTIONS, keywords):
            yield f"{package}/{path}:{line}", said


def of_scripts() -> Iterator[tuple[str, str]]:
    """(place, sentence) of what scripts say by `t` and `n`."""
    for path in sorted((ROOT / "frontend" / "src").rglob("*.ts")):
        text = path.read_text(encoding="utf-8")
        for found in (*_CALLS.finditer(text), *_COUNTS.finditer(text)):
            yield path.name, _string(found[1])


def written_in_scripts() -> frozenset[str]:
    """Every string of the scripts, whatever it is for."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "frontend" / "src").rglob("*.ts"))
    return frozenset(_string(one) for text in sources for one in _STRING.findall(text))


def untranslatable() -> Iterator[tuple[str, str]]:
    """(place, words) that stand in templates as they are, but names that are the same in all languages."""
    for package in PACKAGES:
        for path in sorted((ROOT / "src" / "openspending" / package / "templates").rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            attributes = " ".join(_SAID.findall(_JINJA.sub(" ", text)))
            shown = _TAG.sub(" ", _JINJA.sub(" ", _CODE.sub(" ", text))) + attributes
            for word in re.findall(r"[^\W\d_]{2,}(?: [^\W\d_]+)*", _NAMES.sub(" ", shown)):
                yield path.name, word


def placeholders(sentence: str) -> set[str]:
    """The names that are filled in."""
    return {one or other for one, other in _NAMED.findall(sentence)}


def _string(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])
