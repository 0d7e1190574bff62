"""`kill -9` while an index is built leaves the old one, which answers; the next to come builds the new one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from openspending.actor import NOBODY
from openspending.analytics.search.matching import Matching, Words
from tests.analytics.search.test_indexing import search_over, stores
from tests.read_api.homes import OWNER, put
from tests.servers import clean_environment

pytestmark = pytest.mark.slow

LINES = 6_000
PROGRAM = """
import sys
from pathlib import Path
from tests.analytics.search.test_indexing import search_over, stores

def tell(_, lines, of):
    print(lines, flush=True)

folder = Path(sys.argv[1])
search_over(stores(folder), folder / "index").bring_up_to_date(tell, anew=sys.argv[2] == "anew")
print("done", flush=True)
"""


def killed(folder: Path, moment: str, how: str) -> None:
    """Begin to index, and kill whoever does so at that moment."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), how],
        cwd=Path(__file__).parents[3],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == moment:
                process.kill()
                return
        message = "it came to its end"
        raise AssertionError(message)


def test_killed_while_building_it_leaves_the_old_index(tmp_path: Path) -> None:
    store = stores(tmp_path)
    put(store.public, tmp_path, "roads", "2024,1,kestrel,5\n")
    search = search_over(store, tmp_path / "index")
    assert search.catch_up() == "Indexed 1 dataset of 1 line."

    def heard(word: str) -> int:
        return sum(one.lines for one in search.public.engine.tallies(Matching(Words((word,)))).values())

    rows = "".join(f"2024,{number},heron {number},{number}\n" for number in range(LINES))
    put(store.public, tmp_path, "roads", rows)
    for moment, how in (("5000", "follow"), (str(LINES), "anew")):
        killed(tmp_path, moment, how)
        assert (heard("kestrel"), heard("heron")) in {(1, 0), (0, LINES)}  # the last may just have been in time
    search.catch_up()
    assert (heard("kestrel"), heard("heron")) == (0, LINES)
    assert search.public.visible(NOBODY)[f"{OWNER}/roads"].revision == 2
    search.close()
