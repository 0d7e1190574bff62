"""Who finds what: private datasets only by those who may read them, and no word of them told to anybody else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openspending.actor import NOBODY, Actor, Scope
from openspending.analytics.rebuild import rebuild_all
from openspending.datastore import moving
from openspending.datastore.store import open_datastore
from tests.read_api.homes import ACTORS, MEMBER, NOW, OWNER, STRANGER, Asking, asking, furnished, put
from tests.read_api.searching import totals_of

pytestmark = pytest.mark.slow
# the datasets of which lines have “canary”; the public ones have “a” and “b”
FOUND = {"nobody": set(), "stranger": set(), "member": {"secret", "hidden"}, "admin": {"secret", "silent", "hidden"}}
PATHS = ("/v1/search", "/v1/search/lines", "/v1/suggest")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder = tmp_path_factory.mktemp("searched")
    with asking(furnished(folder), folder / "cache") as found:
        for name in ("new", "silent"):  # what was renamed has to be derived anew
            assert all(one.made for one in rebuild_all(found.store, f"{OWNER}/{name}"))
        found.search.catch_up()
        yield found


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public and a private dataset."""
    folder = tmp_path_factory.mktemp("stored")
    store = open_datastore(f"file://{folder}/public", f"file://{folder}/private")
    put(store.public, folder, "open", "2024,1,swift,5\n2024,2,b,7\n")
    put(store.private, folder, "secret", "2024,1,canary,5\n2024,2,b,9\n")
    return folder


@pytest.fixture
def small(stored: Path, tmp_path: Path) -> Iterator[Asking]:
    """These datasets, not indexed yet."""
    shutil.copytree(stored, tmp_path, dirs_exist_ok=True)
    store = open_datastore(f"file://{tmp_path}/public", f"file://{tmp_path}/private")
    with asking(store, tmp_path / "cache") as found:
        yield found


def get(asked: Asking, actor: Actor, path: str, **parameters: Any) -> dict[str, Any]:
    answer = asked.as_(actor).get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(answer: dict[str, Any]) -> set[str]:
    return {one["dataset"].partition("/")[2] for one in answer["data"]}


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("visibility", ["public", "private", "all"])
def test_datasets_and_lines_are_found_by_those_who_may_read_them(who: str, visibility: str, asked: Asking) -> None:
    private = FOUND[who] if visibility != "public" else set()
    public = {"open", "new"} if visibility != "private" else set()
    for path in PATHS[:2]:
        answer = get(asked, ACTORS[who], path, visibility=visibility)
        assert names(answer) == private | public
        assert {one["visibility"] for one in answer["data"] if names({"data": [one]}) & private} <= {"private"}
    lines = get(asked, ACTORS[who], "/v1/search/lines", visibility=visibility)
    assert lines["total"] == 2 * len(private | public)
    assert {one["dataset"].partition("/")[2] for one in lines["datasets"]} == private | public
    facet = lines["facets"]["dataset"]
    assert {one["value"].partition("/")[2] for one in facet} == private | public


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_words_of_private_lines_are_as_if_there_were_none(who: str, asked: Asking) -> None:
    for visibility in ("public", "private", "all"):
        for q in ("canary", "canar", "cana*", "kanary", "canarys", "secret", "silent", "-open"):
            for path in PATHS:
                answer = asked.as_(ACTORS[who]).get(path, params={"q": q, "visibility": visibility})
                assert answer.status_code == 200
                told = answer.json()
                assert not names(told) & {"secret", "silent", "hidden"} if path != PATHS[2] else told["data"] == []
                said = answer.text.replace(q, "")
                assert not any(word in said for word in ("canary", "secret", "silent", "hidden")), (path, q, said)


def test_words_of_private_lines_help_those_who_may_read_them(asked: Asking) -> None:
    answer = get(asked, MEMBER, "/v1/search/lines", q="cannary", visibility="all")
    assert (answer["total"], answer["did_you_mean"]) == (1, "canary")
    assert [one["how"] for one in answer["query"]["words"]] == ["typo"]
    exact = get(asked, MEMBER, "/v1/search/lines", q="canary", visibility="all")
    assert (exact["did_you_mean"], [one["how"] for one in exact["query"]["words"]]) == (None, ["exact"])
    (suggestion,) = get(asked, MEMBER, "/v1/suggest", q="can", visibility="private")["data"]
    assert (suggestion["label"], suggestion["datasets"]) == ("canary", [f"{OWNER}/secret"])
    assert get(asked, MEMBER, suggestion["search"])["total"] == 1
    (dataset,) = get(asked, MEMBER, "/v1/search", q="canary", visibility="all")["data"]
    assert "visibility=private" in dataset["search"]
    assert get(asked, MEMBER, dataset["search"])["total"] == 1


def test_words_name_only_datasets_that_the_asker_sees(asked: Asking) -> None:
    for path in PATHS[:2]:
        answer = get(asked, MEMBER, path, q="b secret", visibility="all")
        assert names(answer) == {"secret"}
        # the description of the dataset has both words
        assert [one["how"] for one in answer["query"]["words"]] == [
            "exact",
            "dataset" if "lines" in path else "unknown",
        ]
        stranger = get(asked, STRANGER, path, q="b secret", visibility="all")
        assert (stranger["data"], [one["how"] for one in stranger["query"]["words"]]) == ([], ["exact", "unknown"])
        assert names(get(asked, MEMBER, path, q="b open", visibility="private")) == set()


def test_words_name_datasets_only_where_no_line_has_all_of_them(asked: Asking) -> None:
    (open_,) = get(asked, NOBODY, "/v1/search/lines", q="open b")["data"]
    assert open_["dataset"] == f"{OWNER}/open"
    both = get(asked, NOBODY, "/v1/search/lines", q=f"b {OWNER}")
    assert names(both) == {"open", "new"}
    assert names(get(asked, NOBODY, "/v1/search/lines", q=f"b {OWNER}", dataset=f"{OWNER}/new")) == {"new"}
    assert get(asked, NOBODY, "/v1/search/lines", q=f"b {OWNER}", year="1999")["total"] == 0
    found = get(asked, NOBODY, "/v1/search/lines", q="b")
    assert [one["how"] for one in found["query"]["words"]] == ["exact"]


def test_amounts_of_both_sides_are_added_exactly(asked: Asking) -> None:
    def totals(visibility: str) -> tuple[int, str]:
        (one,) = totals_of(get(asked, MEMBER, "/v1/search/lines", visibility=visibility)).values()
        return one

    assert totals("public") == (4, "24")
    assert totals("private") == (4, "26")
    assert totals("all") == (8, "50")


def test_pages_over_both_sides_have_every_line_once(asked: Asking) -> None:
    for order in ("relevance", "newest", "largest", "smallest"):
        seen = []
        path: str | None = f"/v1/search/lines?visibility=all&pagesize=3&order={order}"
        while path is not None:
            answer = asked.as_(ACTORS["admin"]).get(path).json()
            seen += [(one["dataset"], one["fact"]) for one in answer["data"]]
            amounts = [one["amounts"][0]["amount"] for one in answer["data"]]
            assert order != "largest" or amounts == sorted(amounts, reverse=True)
            path = answer["next"]
        assert len(seen) == len(set(seen)) == 10


def test_a_robot_finds_what_its_scopes_name(asked: Asking) -> None:
    robot = Actor("boss", roles={OWNER: "admin"}, scopes=(Scope(("read",), f"{OWNER}/sil*"),))
    assert names(get(asked, robot, "/v1/search", visibility="private")) == {"silent"}
    blind = Actor("boss", roles={OWNER: "admin"}, scopes=(Scope(("import",)),))
    assert names(get(asked, blind, "/v1/search/lines", visibility="private")) == set()


def test_what_may_be_private_is_kept_and_counted_by_nobody(asked: Asking) -> None:
    for path in PATHS:
        for suffix in ("", ".atom") if path != PATHS[2] else ("",):
            for visibility in ("private", "all"):
                answer = asked.as_(MEMBER).get(f"{path}{suffix}?q=canary&visibility={visibility}")
                assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_feeds_tell_no_more_than_lists(who: str, asked: Asking) -> None:
    for path in PATHS[:2]:
        for suffix in (".atom", ".feed"):
            answer = asked.as_(ACTORS[who]).get(f"{path}{suffix}?visibility=all")
            assert answer.status_code == 200
            assert not any(word in answer.text for word in ("canary", "secret", "silent", "hidden"))
            assert "secret" in asked.as_(MEMBER).get(f"{path}{suffix}?visibility=all").text


def test_an_index_that_is_not_made_yet_says_what_is_missing(small: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openspending.read_api.searchroutes.FIRST", 0)
    answer = get(small, NOBODY, "/v1/search")
    assert (answer["total"], answer["meta"]["pending"]) == (0, 1)
    assert get(small, MEMBER, "/v1/search/lines", visibility="all")["meta"]["pending"] == 2
    small.search.catch_up()
    assert get(small, MEMBER, "/v1/search", visibility="all")["meta"]["pending"] == 0


def test_the_first_search_waits_for_an_index_that_is_being_made(small: Asking) -> None:
    small.search.start()
    assert names(get(small, NOBODY, "/v1/search")) == {"open"}


def test_who_has_no_private_rights_opens_no_private_index(small: Asking, tmp_path: Path) -> None:
    small.search.public.indexing.catch_up()
    for path in PATHS:
        get(small, NOBODY, path, q="b", visibility="all")
    assert [one.name for one in (tmp_path / "cache" / "search").iterdir()] == ["public"]


def test_what_was_hidden_is_gone_at_the_next_request(small: Asking) -> None:
    small.search.catch_up()
    assert get(small, NOBODY, "/v1/search/lines", q="swift")["total"] == 1
    moving.hide(small.store, OWNER, "open", by="boss", at=NOW, event="e1")  # of which the index knows nothing
    for path in PATHS:
        answer = small.as_(NOBODY).get(path, params={"q": "swi*"})
        assert not any(word in answer.text for word in ("open", "swift"))
    told = get(small, STRANGER, "/v1/search/lines", q="swiftt", visibility="all")
    assert (told["total"], told["did_you_mean"], told["meta"]["pending"]) == (0, None, 0)
    small.search.catch_up()
    assert get(small, ACTORS["admin"], "/v1/search/lines", q="swift", visibility="all")["total"] == 1
