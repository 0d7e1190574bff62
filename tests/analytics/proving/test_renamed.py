"""A receipt of a dataset that has another address since holds where the dataset is now."""

from __future__ import annotations

from pathlib import Path

from openspending.analytics.livecubes import LiveCubes
from openspending.analytics.proving.receiptform import PARAMETERS, canonical_json, query_of, read_receipt
from openspending.analytics.proving.receipts import receipt
from openspending.analytics.proving.verifying import verify
from openspending.datastore import homes, moving
from openspending.datastore.store import open_datastore
from openspending.publishing import publish
from tests.datastore.packages import NOW
from tests.publishing.packages import write_package


def test_a_receipt_holds_after_the_dataset_was_renamed_twice(tmp_path: Path) -> None:
    store = open_datastore("memory://")
    package = write_package(tmp_path / "p", "year,code,label,amount\n2024,01,Schools,10.50\n")
    publish(str(package), owner="ministry", store=lambda name: homes.place(store, "ministry", name, "public").objects)
    asked = dict.fromkeys(PARAMETERS, "") | {"aggregates": "amount.sum|_count"}
    cubes = LiveCubes(store.public, tmp_path / "cache")
    made = receipt(cubes.at("ministry", "budget"), query_of(asked), asked)
    cubes.close()
    moving.rename(store, "ministry", "budget", ("treasury", "budget"), event="1", by="anna", at=NOW)
    moving.rename(store, "treasury", "budget", ("treasury", "accounts"), event="2", by="anna", at=NOW)

    checks = list(verify(read_receipt(canonical_json(made)), store.public, tmp_path / "verified"))

    assert [one.what for one in checks if not one.holds] == []
    assert "treasury/accounts/r1.datapackage.json" in checks[1].found
