"""A sheet before all others in the list of a workbook's sheets."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from openspending.etl.patching.package import RELATIONS, Parts
from openspending.etl.patching.splice import Elements, Splicer, Unpatchable, quoted, with_attributes
from openspending.speaking.said import said

# What stands before the defined names of a workbook, the last first.
_BEFORE_NAMES: Final = ("externalReferences", "functionGroups", "sheets")
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, its part, and whether it has cells, and not only a chart."""

    name: str
    part: str
    cells: bool


def sheets(parts: Parts, workbook: str) -> list[Sheet]:
    """All sheets, in their order. Raises Unpatchable for a workbook of another kind."""
    listed = Elements(parts.read(workbook))
    if _MAIN not in listed.found[0][1].values():
        raise Unpatchable(said("it is of the strict kind of Office Open XML"))
    relations = {one.id: one for one in parts.relations(workbook)}
    found = []
    for one in listed.named("workbook", "sheets", "sheet"):
        given = next((value for name, value in one.items() if name.endswith(":id")), "")
        relation = relations.get(given)
        if relation is None or relation.target not in parts:
            raise Unpatchable(said("a sheet of it is missing"))
        found.append(Sheet(one.get("name", ""), parts.own(relation.target), relation.kind == "worksheet"))
    return found


def put_first(parts: Parts, workbook: str, name: str, part: str, repeated: int) -> None:
    """Put a sheet whose part is `part` before all others, and show it when the workbook is opened; its row `repeated`
    stands on every printed page."""
    parts.declare(part, SHEET_TYPE)
    given = parts.relate(workbook, "worksheet", part)
    _change(parts, workbook, _New(name, given, repeated))


def show_first(parts: Parts, workbook: str) -> None:
    """Show the first sheet when the workbook is opened."""
    _change(parts, workbook, None)


@dataclass(frozen=True, slots=True)
class _New:
    name: str
    relation: str
    repeated: int


def _change(parts: Parts, workbook: str, new: _New | None) -> None:
    held, xml = BytesIO(), parts.read(workbook)
    _Front(xml, held, new).run()
    parts.put(workbook, held.getvalue())


class _Front(Splicer):
    """Writes the list of sheets with a new one before the first. Names that belong to the n-th sheet move with it."""

    def __init__(self, data: bytes, target: IO[bytes], new: _New | None) -> None:
        super().__init__(data, target)
        listed = Elements(data)
        self._new, self._seen = new, {path[1] for path, _ in listed.found if len(path) > 1}
        self._id = 1 + max((int(one["sheetId"]) for one in listed.named("workbook", "sheets", "sheet")), default=0)
        self._behind = next((one for one in _BEFORE_NAMES if one in self._seen), "")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Change what counts sheets."""
        if self.path == ["workbook", "bookViews", "workbookView"]:
            self.replace(with_attributes(self.tag, activeTab=None, firstSheet=None))
        elif self._new is None:
            return
        elif self.path == ["workbook", "sheets"] and "bookViews" not in self._seen:
            self.put(f"<{self.prefix}bookViews><{self.prefix}workbookView/></{self.prefix}bookViews>".encode())
        elif self.path == ["workbook", "sheets", "sheet"] and self._id:
            told = f'name="{quoted(self._new.name)}" sheetId="{self._id}"'
            self.put(f'<{self.prefix}sheet {told} xmlns:rel="{RELATIONS}" rel:id="{self._new.relation}"/>'.encode())
            self._id = 0
        elif name == "definedName" and attributes.get("localSheetId", "").isdecimal():
            self.replace(with_attributes(self.tag, localSheetId=int(attributes["localSheetId"]) + 1))

    def end(self, name: str) -> None:
        """Add the name by which rows are repeated on printed pages."""
        if self._new is None or len(self.path) != 2:
            return
        if name == "definedNames":
            self.put(self._titles(self._new))
        elif name == self._behind and "definedNames" not in self._seen:
            own = self.prefix
            self.put_behind(f"<{own}definedNames>{self._titles(self._new).decode()}</{own}definedNames>".encode())

    def _titles(self, new: _New) -> bytes:
        rows = f"'{new.name}'!${new.repeated}:${new.repeated}"
        told = f'name="_xlnm.Print_Titles" localSheetId="0">{quoted(rows)}'
        return f"<{self.prefix}definedName {told}</{self.prefix}definedName>".encode()
