"""Pictures for previews of links: of their size, with exact figures, on any machine."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from litestar.testing import TestClient

from openspending.viz import picture
from openspending.viz.drawing import drawable, fitting, lines, png

Client = TestClient[Any]
VIEW = "chart=bar&measure=amount.sum&group=code"


def size(content: bytes) -> tuple[int, ...]:
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", content[16:24])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pictures that are asked for, as SVG."""
    found: list[str] = []

    def remembered(svg: str) -> bytes:
        found.append(svg)
        return png(svg)

    monkeypatch.setattr(picture, "png", remembered)
    return found


def test_a_picture_is_a_png_of_the_size_that_previews_have(client: Client) -> None:
    answer = client.get(f"/og/gov/budget@1.png?{VIEW}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert size(answer.content) == (1200, 630)
    assert "max-age=86400" in answer.headers["cache-control"]
    again = client.get(f"/og/gov/budget@1.png?{VIEW}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_picture_has_exact_figures_and_names_in_their_own_letters(client: Client, drawn: list[str]) -> None:
    assert client.get(f"/og/gov/budget@1.png?{VIEW}").status_code == 200
    (svg,) = drawn
    for said in ("Budget 0", "1,195.75 EUR", "Health", "1,000.50", "200.25", "Roads &amp; bridges", "-5.00"):
        assert said in svg
    assert "教育" in svg


def test_what_publishers_wrote_is_text(client: Client, drawn: list[str]) -> None:
    client.get("/og/eve@example.org/hostile.png")
    assert "<script" not in drawn[0]
    assert size(png(drawn[0])) == (1200, 630)


@pytest.mark.parametrize(
    "path", ["/og/gov/secret.png", "/og/gov/nothing.png", "/og/gov/budget", "/og/gov/budget.png?group=x"]
)
def test_there_is_no_picture_of_what_there_is_not(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_texts_fit() -> None:
    assert fitting("short", 20, 400) == "short"
    assert fitting("x" * 100, 20, 113) == "xxxxxxxxx…"
    assert lines("one two three four five", 20, 113, 2) == ["one two", "three fou…"]
    assert drawable("Ñandú Ελλάδα Київ १२ 1,234.50 €")
    assert drawable("Budget 教育 예산 2024")
    assert drawable("תקציב המדינה 2024")
    assert drawable("ميزانية الدولة")
    assert not drawable("ميزانية 教育")  # no text has both, and no font draws them in one
    assert not drawable("งบประมาณ")
    assert not drawable("𠀀")


def test_names_of_east_asia_break_between_letters() -> None:
    assert lines("杉並区の予算と決算", 20, 82, 2) == ["杉並区の", "予算と…"]
    assert fitting("杉並区の予算と決算", 20, 82) == "杉並区…"


@pytest.mark.parametrize("letters", ["教育", "예산", "תק", "مد", "дж", "Aä", "१२"])
def test_every_letter_is_drawn_as_itself(letters: str) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60" font-family="Noto Sans" font-size="40">'
    pictures = {png(f'{head}<text x="5" y="45">{one}</text></svg>') for one in (*letters, "ก", "")}
    assert len(pictures) == len(letters) + 2  # none is the box that stands for what a font does not have
