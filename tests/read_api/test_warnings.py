"""`/api/3` answers as the original did, and warns of sums that are none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from openspending import read_api
from openspending.analytics.guards.guard import Stamp
from openspending.analytics.livecubes import LiveCubes
from openspending.datastore.store import open_datastore
from openspending.publishing import publish
from openspending.read_api.answers import warning_text
from tests.publishing.packages import AMOUNT, CODE, YEAR, write_package

ROWS = "year,code,phase,amount\n2024,1,approved,100\n2024,1,executed,-90\n2025,1,approved,50\n"
PATH = "/api/3/cubes/ministry:budget/aggregate/"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    folder = tmp_path_factory.mktemp("warnings")
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private").public
    phase = {"name": "phase", "type": "string", "columnType": "phase:id"}
    publish(str(write_package(folder / "p", ROWS, fields=(YEAR, CODE, phase, AMOUNT))), owner="ministry", store=store)
    cubes = LiveCubes(store, folder / "cache")
    with TestClient(read_api.app(cubes)) as client:
        yield client
    cubes.close()


@pytest.mark.parametrize(
    ("query", "warning"),
    [
        ("", 'mixed-phase;ref="phase";in=cells, years-added;ref="year";in=cells, negatives;ref="amount";in=cells'),
        ('?cut=phase.phase:"approved"|year.year:2024', 'negatives;ref="amount";in=cells'),
        (
            "?drilldown=phase.phase|year.year&aggregates=amount.sum",
            'mixed-phase;ref="phase";in=summary, negatives;ref="amount";in=cells',
        ),
        ("?aggregates=_count", None),
    ],
)
def test_a_sum_that_mixes_is_answered_with_a_warning(
    query: str, warning: str | None, asked: TestClient[Litestar]
) -> None:
    answer = asked.get(PATH + query)

    assert answer.status_code == 200
    assert answer.headers.get("OpenSpending-Warning") == warning
    assert "OpenSpending-Warning" in answer.headers["Access-Control-Expose-Headers"]


def test_the_body_is_that_of_the_original(asked: TestClient[Litestar]) -> None:
    answer = asked.get(PATH + "?aggregates=amount.sum").json()

    assert answer["summary"] == {"amount.sum": 60}
    assert set(answer) == {
        *("status", "total_cell_count", "cells", "summary", "cell", "aggregates", "attributes"),
        *("order", "page", "page_size"),
    }


def test_csv_is_warned_of_too(asked: TestClient[Litestar]) -> None:
    answer = asked.get(PATH + "?aggregates=amount.sum&format=csv")

    assert answer.text == "amount.sum\n60\n"
    assert answer.headers["OpenSpending-Warning"].startswith("mixed-phase")


def test_a_ref_in_another_script_is_ascii_in_the_header() -> None:
    stamps = (Stamp("mixed-phase", "", "区分"), Stamp("levels-mixed", "", None), Stamp("negatives", "", 'a"\\'))

    assert warning_text(stamps) == (
        'mixed-phase;ref=%"%e5%8c%ba%e5%88%86";in=cells, levels-mixed;in=cells, negatives;ref="a\\"\\\\";in=cells'
    )
