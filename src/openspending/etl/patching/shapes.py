"""The boxes in which a program draws comments (VML)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from openspending.etl.patching.merged import Place
from openspending.etl.patching.splice import Unpatchable
from openspending.speaking.said import said

TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_KIND: Final = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_LAYOUT: Final = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
_NONE: Final = f"<xml {_SPACES}>{_LAYOUT}</xml>".encode()
_BOX: Final = (
    f'<v:shape {_SPACES} id="_x0000_s{{number}}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;'
    'margin-top:1.5pt;width:360px;height:160px;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE: Final = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_ROW: Final = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN: Final = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_NUMBER: Final = re.compile(rb"_x0000_s(\d{1,9})\b")


def with_boxes(old: bytes | None, added: Sequence[Place], removed: Sequence[Place]) -> bytes:
    """The drawing `old` (None: there is none) with a box for the comment of each cell in `added`, and without those
    in `removed`. The part is often no well-formed XML, so it is only cut and added to."""
    gone = set(removed)
    drawing = _SHAPE.sub(lambda found: b"" if _place(found[0]) in gone else found[0], old or _NONE)
    end = drawing.rfind(b"</xml>")
    if end < 0:
        raise Unpatchable(said("the boxes of its comments are damaged"))
    kind = _KIND.encode() if b'id="_x0000_t202"' not in drawing else b""
    first = max((int(one) for one in _NUMBER.findall(drawing)), default=1024) + 1
    boxes = (
        _BOX.format(number=first + at, row=row - 1, column=column).encode() for at, (row, column) in enumerate(added)
    )
    return drawing[:end] + kind + b"".join(boxes) + drawing[end:]


def _place(shape: bytes) -> Place | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if b'"Note"' not in shape or row is None or column is None:
        return None
    return int(row[1]) + 1, int(column[1])
