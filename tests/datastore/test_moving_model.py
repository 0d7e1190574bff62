"""Commits and moves in any order, with deaths in between, against a model of a few lines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from openspending.actor import NOBODY
from openspending.datastore import homes, layout, moving, registry, revisions
from openspending.datastore.homes import find, open_home
from openspending.datastore.moving import Moved
from openspending.datastore.store import DataStore, open_datastore
from openspending.datastore.verify import verify
from openspending.errors import Conflict, NotFound, Renamed, Withdrawn
from tests.datastore.interrupting import Died, Moment, die, interrupted
from tests.datastore.packages import NOW, Made, a_package, commit_to
from tests.datastore.test_moving import folder_of

OWNER = "ministry"
NAMES = ("a", "b", "c", "d")
AMOUNTS = range(3)

names = st.sampled_from(NAMES)
deaths = st.one_of(st.just(0), st.integers(1, 40))


@dataclass
class Line:
    """A dataset, as it should be: where it is, and the hashes of its revisions."""

    home: str
    hashes: list[str] = field(default_factory=list)
    last: int = -1
    was_public: bool = False


@pytest.fixture(scope="module", autouse=True)
def packages(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("packages")
    Moves.made = [a_package(folder, amount) for amount in AMOUNTS]


class Moves(RuleBasedStateMachine):
    """The DataStore and its model."""

    made: list[Made]

    @initialize()
    def begin(self) -> None:
        self.store: DataStore = open_datastore("memory://")
        self.lines: dict[str, Line] = {}
        self.left: dict[str, str] = {}  # what became of a name: “withdrawn”, or its new name
        self.public_names: set[str] = set()
        self.events = 0
        self.past: list[tuple[str, str, str, str]] = []

    @rule(name=names, amount=st.sampled_from(AMOUNTS), visibility=st.sampled_from(["public", "private"]))
    def commit(self, name: str, amount: int, visibility: str) -> None:
        try:
            home = homes.place(self.store, OWNER, name, "public" if visibility == "public" else "private")
            done = commit_to(home.objects, self.made[amount], name=name)
        except (Withdrawn, Renamed):
            assert name in self.left
            return
        line = self.lines.setdefault(name, Line(visibility))
        assert done.created is (line.last != amount)
        if done.created:
            line.hashes.append(done.revision.hash)
            line.last = amount
        assert done.revision.number == len(line.hashes)

    @rule(name=names, action=st.sampled_from(["publish", "hide", "withdraw"]), death=deaths, again=deaths)
    def move(self, name: str, action: str, death: int, again: int) -> None:
        self._move(action, name, "", death, again)

    @rule(name=names, to=names, death=deaths, again=deaths)
    def rename(self, name: str, to: str, death: int, again: int) -> None:
        if name != to:
            self._move("rename", name, to, death, again)

    @rule(data=st.data())
    def an_event_comes_again(self, data: st.DataObject) -> None:
        if self.past:
            self._run(self.store, *data.draw(st.sampled_from(self.past)))

    def _move(self, action: str, name: str, to: str, death: int, again: int) -> None:
        self.events += 1
        asked = (action, name, to, f"e{self.events}")
        for at in (death, again):
            with suppress(Died, NotFound, Conflict):
                if at:
                    self._run(interrupted(self.store, Moment(at, die, after=at % 2 == 0)), *asked)
        line = self.lines.get(name)
        if line is None:
            self._not_there(asked)
            return
        if action == "rename" and (to in self.lines or to in self.left):
            with pytest.raises(Conflict):
                self._run(self.store, *asked)
            return
        assert self._run(self.store, *asked).revision == len(line.hashes)
        self.past.append(asked)
        if action == "rename":
            self.lines[to] = self.lines.pop(name)
            self.left[name] = to
        elif action == "withdraw":
            del self.lines[name]
            self.left[name] = "withdrawn"
        else:
            line.home = "public" if action == "publish" else "private"

    def _not_there(self, asked: tuple[str, str, str, str]) -> None:
        """It cannot be moved; unless it is withdrawn, or renamed, just as is asked."""
        action, name, to, _ = asked
        if (action, self.left.get(name)) in {("withdraw", "withdrawn"), ("rename", to)}:
            assert not self._run(self.store, *asked).moved
            return
        with pytest.raises(NotFound):
            self._run(self.store, *asked)

    def _run(self, store: DataStore, action: str, name: str, to: str, event: str) -> Moved:
        at = NOW + timedelta(days=1)
        if action == "rename":
            return moving.rename(store, OWNER, name, (OWNER, to), event=event, by="anna", at=at)
        if action == "withdraw":
            return moving.withdraw(store, OWNER, name, reason="so", event=event, by="anna", at=at)
        move = moving.publish if action == "publish" else moving.hide
        return move(store, OWNER, name, event=event, by="anna", at=at)

    @invariant()
    def every_dataset_is_whole_where_it_should_be(self) -> None:
        for name in NAMES:
            line, home = self.lines.get(name), find(self.store, OWNER, name)
            if line is None:
                assert (home is not None and home.visibility == "withdrawn") is (self.left.get(name) == "withdrawn")
                continue
            assert home is not None
            assert home.visibility == line.home
            assert [one.hash for one in revisions.history(home.objects, OWNER, name)] == line.hashes
            assert verify(home.objects, OWNER, name) == []

    @invariant()
    def nothing_private_is_in_the_public_store(self) -> None:
        public = {name for name, line in self.lines.items() if line.home == "public"}
        self.public_names |= public
        for name in NAMES:
            if name not in public:
                assert folder_of(self.store.public, OWNER, name) <= {layout.TOMBSTONE, layout.FORWARDING}
            if name not in self.public_names:
                assert list(self.store.public.list(f"{OWNER}/{name}")) == []
                with pytest.raises(NotFound) as error:
                    open_home(self.store, NOBODY, "read", OWNER, name)
                assert type(error.value) is NotFound

    @invariant()
    def the_registries_list_what_is_there(self) -> None:
        for visibility, objects in (("public", self.store.public), ("private", self.store.private)):
            wanted = [(name, len(line.hashes)) for name, line in self.lines.items() if line.home == visibility]
            assert [(one.name, one.revision) for one in registry.datasets(objects)] == sorted(wanted)


Moves.TestCase.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
test_moves = Moves.TestCase
