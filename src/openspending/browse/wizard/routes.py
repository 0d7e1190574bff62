"""Which path below `/import` is which page, and which form comes to which function."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from litestar.handlers import HTTPRouteHandler

from openspending.browse.sheets import sheet
from openspending.browse.signedin.visit import Shows, shown, taken
from openspending.browse.wizard import about, begin, columns, done, plan, result, where
from openspending.browse.wizard import files as reading
from openspending.browse.wizard.sending import too_large
from openspending.client import Client

_DRAFT: Final = "/import/{draft:str}"
_STYLE: Final = files("openspending.browse") / "static" / "import.css"

SHOWN: Final[dict[str, Shows]] = {
    "/import": begin.begin_page,
    "/import/jobs/{job:str}": done.done_page,
    _DRAFT: where.draft_page,
    f"{_DRAFT}/files": reading.files_page,
    f"{_DRAFT}/columns": columns.columns_page,
    f"{_DRAFT}/result": result.result_page,
    f"{_DRAFT}/about": about.about_page,
    f"{_DRAFT}/publish": plan.plan_page,
}
WITH_FILES: Final = ("/import", f"{_DRAFT}/mended")
TAKEN: Final[dict[str, Shows]] = {
    "/import": begin.begin,
    _DRAFT: where.try_again,
    f"{_DRAFT}/delete": begin.forget,
    f"{_DRAFT}/mended": begin.mended,
    f"{_DRAFT}/files": reading.read_otherwise,
    f"{_DRAFT}/columns": columns.map_columns,
    f"{_DRAFT}/about": about.describe,
    f"{_DRAFT}/publish": plan.publish,
}


def routes(client: Client) -> list[HTTPRouteHandler]:
    """The route handlers of all pages below `/import`."""
    pages = [shown(client, path, one) for path, one in SHOWN.items()]
    large = dict.fromkeys(WITH_FILES, too_large)
    forms = [taken(client, path, one, large.get(path)) for path, one in TAKEN.items()]
    return [*pages, *forms, sheet(_STYLE)]
