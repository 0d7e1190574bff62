"""The audit log: nothing is changed in it, and it is read by day and dataset."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone

from openspending.datastore.audit import Event, events, record
from openspending.datastore.objects import ObjectStore
from tests.datastore.packages import NOW

HIDDEN = Event(NOW, "anna", "t1", "hide", "ministry", "budget", "job-1", {"reason": "früh"})


def test_events_are_read_as_they_were_recorded_in_their_order(objects: ObjectStore) -> None:
    later = replace(HIDDEN, at=NOW + timedelta(microseconds=1), action="publish")
    for event in (later, HIDDEN, HIDDEN):
        record(objects, event)
    assert list(events(objects)) == [HIDDEN, later]
    assert all(key.startswith("audit/2020-02-29/123015.") for key in objects.list())


def test_events_are_chosen_by_owner_name_and_day(objects: ObjectStore) -> None:
    far = NOW.astimezone(timezone(timedelta(hours=14))) + timedelta(days=1)
    others = [replace(HIDDEN, owner="treasury"), replace(HIDDEN, name="accounts"), replace(HIDDEN, at=far)]
    for event in (HIDDEN, *others):
        record(objects, event)
    assert len(list(events(objects, owner="ministry"))) == 3
    assert list(events(objects, owner="ministry", name="budget", until=date(2020, 2, 29))) == [HIDDEN]
    assert [one.at for one in events(objects, since=date(2020, 3, 1))] == [far]
    assert list(events(objects, since=date(2020, 3, 2))) == []
