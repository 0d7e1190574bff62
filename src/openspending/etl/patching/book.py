"""A publisher's workbook with colours, comments and the list "To fix", and everything else as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from openspending.etl.celltext import sheet_name
from openspending.etl.patching import comments, front, shapes
from openspending.etl.patching.listing import is_ours, listing
from openspending.etl.patching.looks import Looks
from openspending.etl.patching.merged import Merged, Place, place_of, reference
from openspending.etl.patching.package import Parts, new_file
from openspending.etl.patching.sheet import Coloured, SheetPatch
from openspending.etl.patching.splice import Elements, Unpatchable
from openspending.etl.tofix import HEAD_ROW, TITLE, TITLES, ToFix
from openspending.speaking.said import said, told

_KINDS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
_BOXES: Final = re.compile(rb"""<(?:\w+:)?legacyDrawing\s[^>]*?\b\w+:id\s*=\s*["']([^"']+)["']""")


@dataclass(slots=True)
class MarkedSheet:
    """What is marked in a sheet. `discussed` are the cells that have a discussion: no comment can stand beside it."""

    name: str
    part: str
    path: Path
    merged: Merged
    discussed: frozenset[Place]
    coloured: Coloured = field(default_factory=Coloured)
    comments: dict[Place, str] = field(default_factory=dict)


class PatchedBook:
    """The workbook at `source`; what is unpacked lies in `folder`. Raises Unpatchable, here and in all that it does,
    where it cannot be kept as it is."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._parts, self._folder = Parts(source), folder
        self._book = self._parts.related("", "officeDocument") or "xl/workbook.xml"
        self.suffix = _KINDS.get(self._parts.type_of(self._book) or "", "")
        if not self.suffix:
            raise Unpatchable(said("it is a template or of a kind that we do not know"))
        self._sheets = front.sheets(self._parts, self._book)
        self._styles = self._parts.related(self._book, "styles")
        if self._styles is None:
            raise Unpatchable(said("it has no styles"))
        self._looks = Looks(self._parts.read(self._styles))
        self._marked: dict[str, MarkedSheet] = {}

    @property
    def names(self) -> list[str]:
        """The names of its sheets."""
        return [one.name for one in self._sheets]

    @property
    def signed(self) -> bool:
        """Whether it has a digital signature, which a copy breaks."""
        return any(one.kind == "origin" for one in self._parts.relations(""))

    def sheet(self, name: str) -> MarkedSheet:
        """The sheet of a name, to be marked."""
        if name not in self._marked:
            found = next((one for one in self._sheets if one.name == name and one.cells), None)
            if found is None:
                raise Unpatchable(said("its sheet “{name}” is not found", name=name))
            path = self._parts.extract(found.part, self._folder)
            with _mapped(path) as data:
                merged = Merged(data)
            discussed = frozenset(self._discussed(found.part))
            self._marked[name] = MarkedSheet(name, found.part, path, merged, discussed)
        return self._marked[name]

    def save(self, target: Path, to_fix: ToFix) -> None:
        """Write it to `target`."""
        stale = self._looks.stale
        for one in self._sheets:
            if one.cells and (stale or one.name in self._marked):
                self._patch(self.sheet(one.name), stale)
            elif b"tabSelected" in self._parts.head(one.part):
                self._rewrite(one.part, self._parts.extract(one.part, self._folder), Coloured(), frozenset(), None)
        self._list(to_fix)
        assert self._styles is not None
        self._parts.put(self._styles, self._looks.part())
        self._parts.write(target)

    def close(self) -> None:
        """Close the source."""
        self._parts.close()

    def _list(self, to_fix: ToFix) -> None:
        """Put the list before all sheets, or instead of the one from an earlier copy."""
        first, made = self._sheets[0], listing(to_fix, self._looks)
        if first.name in TITLES and is_ours(self._parts.head(first.part)):
            self._parts.put(first.part, made)
            front.show_first(self._parts, self._book)
            return
        name = sheet_name(told(TITLE, to_fix.language), {one.name.lower() for one in self._sheets})
        part = self._parts.free("xl/worksheets/sheetOs{}.xml")
        self._parts.put(part, made)
        front.put_first(self._parts, self._book, name, part, HEAD_ROW)

    def _patch(self, sheet: MarkedSheet, stale: frozenset[int]) -> None:
        boxes = self._comment(sheet)
        self._rewrite(sheet.part, sheet.path, sheet.coloured, stale, boxes)

    def _rewrite(self, part: str, path: Path, coloured: Coloured, stale: frozenset[int], boxes: str | None) -> None:
        target = new_file(self._folder)
        with _mapped(path) as data, target.open("wb") as written:
            SheetPatch(data, written, coloured, self._looks.on, stale, boxes).run()
        self._parts.put(part, target)

    def _comment(self, sheet: MarkedSheet) -> str | None:
        """Write the comments; the relationship to their boxes, where the sheet has none yet."""
        part = self._parts.related(sheet.part, "comments")
        texts = {reference(place): text for place, text in sheet.comments.items() if place not in sheet.discussed}
        old = None if part is None else self._parts.read(part)
        made = comments.Commented(old, texts)
        if not texts and not made.removed:
            return None
        if part is None:
            part = self._parts.free("xl/commentsOs{}.xml")
            self._parts.declare(part, comments.TYPE)
            self._parts.relate(sheet.part, "comments", part)
        self._parts.put(part, made.part)
        return self._draw(sheet, [*map(place_of, made.added)], [*map(place_of, made.removed)])

    def _draw(self, sheet: MarkedSheet, added: list[Place], removed: list[Place]) -> str | None:
        with _mapped(sheet.path) as data:
            found = _BOXES.search(data, max(data.rfind(b"sheetData"), 0))
            given = found[1].decode() if found else ""
        relation = next((one for one in self._parts.relations(sheet.part) if one.id == given), None)
        if relation is not None and relation.target in self._parts:
            drawing = self._parts.own(relation.target)
            self._parts.put(drawing, shapes.with_boxes(self._parts.read(drawing), added, removed))
            return None
        if given:
            raise Unpatchable(said("the boxes of its comments are missing"))
        drawing = self._parts.free("xl/drawings/vmlDrawingOs{}.vml")
        self._parts.declare_extension("vml", shapes.TYPE)
        self._parts.put(drawing, shapes.with_boxes(None, added, removed))
        return self._parts.relate(sheet.part, "vmlDrawing", drawing)

    def _discussed(self, part: str) -> Iterator[Place]:
        """The cells of a sheet that have a discussion (threaded comments)."""
        for one in self._parts.relations(part):
            if one.kind == "threadedComment" and one.target in self._parts:
                found: Iterator[Mapping[str, str]] = (told for _, told in Elements(self._parts.read(one.target)).found)
                yield from (place_of(told["ref"]) for told in found if "ref" in told)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap]:
    if path.stat().st_size == 0:
        raise Unpatchable(said("a part of it is empty"))
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
        yield data
