"""The same view elsewhere: its addresses, and code that asks for exactly its numbers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from openspending.browse.languages import gettext as _
from openspending.browse.viewer.cube import Cube
from openspending.browse.viewer.place import Place
from openspending.browse.viewer.question import Question
from openspending.browse.viewer.sqltext import sql
from openspending.view import View


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to copy; `href` opens it where it is an address, and `note` says what is to be known."""

    id: str
    title: str
    text: str
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """The panel of a view: what to copy, and files of it as (title, address)."""

    snippets: tuple[Snippet, ...]
    files: tuple[tuple[str, str], ...]


def use(cube: Cube, view: View, place: Place, asked: Question, base: str, *, private: bool = False) -> Use:
    """The panel. `place` names a revision, so that what is copied stays what it is; `base` is the address of this
    OpenSpending. For a private dataset code sends a token, and what could send none is left away."""
    forms = {form: asked.address(place.owner, place.versioned, form) for form in ("csv", "xlsx", "parquet", "json")}
    whole = {form: base + address for form, address in forms.items()}
    page = place.view(view)
    pages = _("Pages of JSON; amounts are texts with all their digits.")
    found = (
        Snippet("url", _("Page"), base + page, page),
        Snippet("api", "API", whole["json"], forms["json"], pages),
        *(_with_token(whole) if private else _open(whole, sql(cube, view, place))),
        *(() if private else _embeds(view, place, base)),
    )
    files = (("CSV", forms["csv"]), ("Excel", forms["xlsx"]), ("Parquet", forms["parquet"]), ("JSON", forms["json"]))
    return Use(found, files)


def _open(whole: Mapping[str, str], query: str) -> tuple[Snippet, ...]:
    """Code that anybody may run."""
    parquet, csv = (json.dumps(whole[one]) for one in ("parquet", "csv"))
    return (
        Snippet("curl", "curl", f"curl -sg {shlex.quote(whole['csv'])}"),
        *([Snippet("sql", "SQL", query, "/v1/sql.csv?query=" + quote(query, safe=""))] if query else []),
        Snippet("python", "Python", f"import pandas\n\ncells = pandas.read_parquet({parquet})\nprint(cells)"),
        Snippet("r", "R", f"cells <- read.csv({csv})\nprint(cells)"),
        Snippet("sheet", _("Spreadsheet"), f'=IMPORTDATA("{whole["csv"]}")', "", _("For Google Sheets.")),
    )


def _with_token(whole: Mapping[str, str]) -> tuple[Snippet, ...]:
    """Code that proves who asks, by a token that it finds in its environment."""
    note = _("This dataset is private: put a token of yours into the variable TOKEN.")
    parquet, csv = (json.dumps(whole[one]) for one in ("parquet", "csv"))
    python = (
        "import os\n\nimport pandas\n\n"
        'token = {"Authorization": "Bearer " + os.environ["TOKEN"]}\n'
        f"cells = pandas.read_parquet({parquet}, storage_options=token)\nprint(cells)"
    )
    r = (
        'token <- c(Authorization = paste("Bearer", Sys.getenv("TOKEN")))\n'
        f"cells <- read.csv(url({csv}, headers = token))\nprint(cells)"
    )
    return (
        Snippet("curl", "curl", f'curl -sg -H "Authorization: Bearer $TOKEN" {shlex.quote(whole["csv"])}', "", note),
        Snippet("python", "Python", python, "", note),
        Snippet("r", "R", r, "", note),
    )


def _embeds(view: View, place: Place, base: str) -> tuple[Snippet, Snippet]:
    """HTML that shows the view on any site: as an element of the page, and in a frame without any script there."""
    named = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in view.parameters().items())
    script = Markup('<script async src="{}/static/openspending-chart.js"></script>').format(base)
    element = Markup('<openspending-chart src="{}"{}></openspending-chart>').format(base + place.page, named)
    framed = f"/embed{place.page}?{view.query()}"
    frame = Markup('<iframe src="{}" title="{}" width="100%" height="640" loading="lazy"></iframe>')
    return (
        Snippet(
            "embed", _("On a web page"), f"{script}\n{element}", "", _("For any page: paste it where it shall stand.")
        ),
        Snippet(
            "frame",
            _("In a frame"),
            str(frame.format(base + framed, place.dataset)),
            framed,
            _("Where no scripts may be pasted."),
        ),
    )
