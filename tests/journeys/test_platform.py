"""The whole walk: people sign in, share an organisation, import a file as they have it, and a robot publishes it; then
it is read, hidden, published, renamed, withdrawn. Together or apart, in a folder or on S3, all answers are the same.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from openspending.datastore.bucket import init
from openspending.settings import read_settings
from tests.datastore.servers import moto
from tests.journeys.walking import GRANTS, Visitor, issuer, visitors
from tests.postgres import MakeDatabase
from tests.stack import Platform, apart, together

pytestmark = pytest.mark.slow

KINDS = (
    "folder and SQLite, together",
    pytest.param("S3 and PostgreSQL, together", marks=pytest.mark.exhaustive),
    "S3 and PostgreSQL, apart",
)
BUDGET = "/v1/datasets/treasury/grants"
SUMS = "/aggregate?drilldown=Recipient&order=Amount.sum:desc"
_told: dict[str, dict[str, Any]] = {}


@pytest.fixture(scope="module")
def issued() -> Iterator[dict[str, str]]:
    with issuer() as settings:
        yield settings


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    with moto() as server:
        yield {
            "OS_S3_HOSTNAME": server.endpoint,
            "OS_ACCESS_KEY_ID": server.access_key,
            "OS_SECRET_ACCESS_KEY": server.secret_key,
        }


@pytest.fixture(params=KINDS)
def platform(request: pytest.FixtureRequest, issued: dict[str, str], tmp_path: Path) -> Iterator[Platform]:
    environment = dict(issued)
    if "S3" in request.param:
        make: MakeDatabase = request.getfixturevalue("new_postgres")
        bucket = "apart" if "apart" in request.param else "together"
        environment |= request.getfixturevalue("s3") | {"OS_STORAGE_BUCKET_NAME": bucket, "OS_DATABASE_URL": make()}
        settings = read_settings(environment)
        init(settings.public_url, settings.private_url, settings.s3)
    start: Callable[..., Any] = apart if "apart" in request.param else together
    with start(tmp_path, environment) as running:
        yield running


@dataclass
class Walk:
    """One walk through a platform, with what it was told on the way."""

    platform: Platform
    visitor: Callable[..., Visitor]
    told: dict[str, Any] = field(default_factory=dict)

    def note(self, what: str, **said: Any) -> None:
        self.told[what] = said


def test_the_whole_walk(platform: Platform, request: pytest.FixtureRequest) -> None:
    with visitors(platform.address) as make:
        walk = Walk(platform, make)
        alice, nobody = make(), make()
        arrive(walk, alice)
        bob = invited(walk, alice)
        robot = robot_of(walk, alice)
        imported(walk, bob)
        private(walk, nobody, bob)
        published(walk, robot, nobody)
        hidden(walk, robot, nobody, bob)
        renamed(walk, alice, robot, nobody)
        withdrawn(walk, alice, nobody)
    _told[request.node.callspec.id] = walk.told
    first = next(iter(_told.values()))
    assert walk.told == first


def arrive(walk: Walk, alice: Visitor) -> None:
    """Alice signs in by the issuer and makes an organisation."""
    walk.note("sent to", address=alice.sign_in("alice"))
    me = alice.get("/v1/identity/me").json()
    walk.note("alice", name=me["name"], roles=me["roles"], email=me["email"])
    made = alice.post("/v1/organisations", 201, name="treasury", title="The Treasury").json()
    walk.note("organisation", name=made["name"], members=made["members"])
    alice.refresh()


def invited(walk: Walk, alice: Visitor) -> Visitor:
    """Bob is invited by e-mail address, and joins when he signs in; Mallory signs in, and is in nothing."""
    asked = alice.post("/v1/organisations/treasury/invitations", 201, email="bob@example.org", role="editor").json()
    assert asked["link"].startswith(f"{walk.platform.address}/sign-in#code=")
    bob, mallory = walk.visitor(), walk.visitor()
    bob.sign_in("bob")
    mallory.sign_in("mallory")
    members = bob.get("/v1/organisations/treasury/members").json()["data"]
    walk.note("members", roles={one["name"]: one["role"] for one in members})
    walk.note("mallory", status=mallory.get("/v1/organisations/treasury", 404).json()["detail"])
    # without the word that only our pages know, a cookie changes nothing
    walk.note("forged", status=bob.http.post("/v1/uploads", json={}).status_code)
    return bob


def robot_of(walk: Walk, alice: Visitor) -> Visitor:
    """Alice makes a token for a robot that publishes; it exchanges the token for one that every process takes."""
    scopes = [{"actions": ["read", "publish"], "datasets": "treasury/*"}]
    made = alice.post("/v1/identity/tokens", 201, title="Night", scopes=scopes, days=30).json()
    robot = walk.visitor(Authorization=f"Bearer {made['secret']}")
    exchanged = robot.post("/v1/identity/token").json()
    walk.note("robot", kind=exchanged["token_type"], lasts=exchanged["expires_in"])
    robot.headers = {"Authorization": f"Bearer {exchanged['access_token']}"}
    walk.note("limits", status=robot.ask("POST", "/v1/uploads", json={"owner": "treasury"}).status_code)
    return robot


def imported(walk: Walk, bob: Visitor) -> None:
    """Bob sends the file as it is, is asked what he alone can know, and answers."""
    upload = bob.upload("grants.csv", GRANTS, "treasury")
    wanted: dict[str, Any] = {"owner": "treasury", "name": "grants", "files": [{"upload": upload}]}
    asked = bob.job("/v1/imports", **wanted)["result"]
    walk.note("asked", outcome=asked["outcome"], questions=[one["id"] for one in asked["questions"]])
    answers = {"column:Amount:writing": "1.250 is 1250", "currency": "EUR"}
    done = bob.job("/v1/imports", **wanted, answers=answers, properties={"title": "Grants 2026"})
    assert done["state"] == "done", done
    result = done["result"]
    walk.note("imported", **{name: result[name] for name in ("revision", "rows", "measures", "visibility")})


def private(walk: Walk, nobody: Visitor, bob: Visitor) -> None:
    """It is there for the people of the Treasury, and for nobody else: not even that it is."""
    for path in (BUDGET, f"{BUDGET}{SUMS}", "/data/treasury/grants/datapackage.json", "/treasury/grants"):
        hidden = nobody.get(path, 404)
        absent = nobody.get(path.replace("grants", "elsewhere"), 404)
        assert scrubbed(hidden.text) == scrubbed(absent.text.replace("elsewhere", "grants"))
    sums = bob.get(BUDGET + SUMS)
    assert sums.headers["cache-control"] == "private, no-store"
    page = bob.get("/treasury/grants")
    assert "Grants 2026" in page.text
    assert "no-store" in page.headers["cache-control"]
    for path in ("/", "/treasury"):
        assert '<span class="badge">private</span>' in bob.get(path).text
    assert "grants" not in nobody.get("/").text
    nobody.get("/treasury", 404)
    # the access token of a browser ends after some minutes; its session goes on by itself
    for name in [one for one in bob.http.cookies if one.startswith("os_access")]:
        bob.http.cookies.delete(name)
    assert "Grants 2026" in bob.http.get("/treasury/grants", follow_redirects=True).text
    walk.note("private", sums=sums.json()["data"], listed=nobody.get("/v1/datasets").json()["data"])


def published(walk: Walk, robot: Visitor, nobody: Visitor) -> None:
    """The robot publishes it: everybody reads it, in each of its forms."""
    job = robot.job(f"{BUDGET}/publish")
    walk.note("published", state=job["state"], kind=job["kind"])
    eventually(lambda: nobody.ask("GET", BUDGET).status_code == 200)
    sums = nobody.get(BUDGET + SUMS)
    assert sums.headers["cache-control"].startswith("public")
    assert sums.json()["data"][0]["Amount.sum"] == walk.told["private"]["sums"][0]["Amount.sum"]
    page = nobody.get("/treasury/grants")
    assert "Grants 2026" in page.text
    assert page.headers["cache-control"] == "no-cache"
    parquet = nobody.get("/data/treasury/grants/derived/r1-b3/facts.parquet")
    assert parquet.content[:4] == b"PAR1"
    listed = [f"{one['owner']}/{one['name']}" for one in nobody.get("/v1/datasets").json()["data"]]
    csv = nobody.get(f"{BUDGET}@1/aggregate.csv?drilldown=Recipient&order=Recipient").text
    walk.note("read", sums=sums.json()["data"], csv=csv, listed=listed)


def hidden(walk: Walk, robot: Visitor, nobody: Visitor, bob: Visitor) -> None:
    """Taken back: nobody sees it any more, its people do; and published again."""
    walk.note("hidden", state=robot.job(f"{BUDGET}/hide")["state"])
    eventually(lambda: nobody.ask("GET", BUDGET).status_code == 404)
    nobody.get("/treasury/grants", 404)
    nobody.get("/data/treasury/grants/datapackage.json", 404)
    walk.note("still", sums=bob.get(BUDGET + SUMS).json()["data"] == walk.told["private"]["sums"])
    walk.note("again", state=robot.job(f"{BUDGET}/publish")["state"])
    eventually(lambda: nobody.ask("GET", BUDGET).status_code == 200)


def renamed(walk: Walk, alice: Visitor, robot: Visitor, nobody: Visitor) -> None:
    """Under another name: the old address leads there. The robot may not do that."""
    walk.note("refused", status=robot.ask("POST", f"{BUDGET}/rename", json={"name": "funds"}).status_code)
    walk.note("renamed", state=alice.job(f"{BUDGET}/rename", name="funds")["state"])
    eventually(lambda: nobody.ask("GET", f"{BUDGET}{SUMS}").status_code == 308)
    moved = nobody.get(f"{BUDGET}{SUMS}", 308)
    page = nobody.get("/treasury/grants", 308)
    walk.note("moved", to=moved.headers["location"], page=page.headers["location"])
    sums = nobody.get(moved.headers["location"]).json()["data"]
    walk.note("there", sums=[one["Amount.sum"] for one in sums], page=nobody.get("/treasury/funds").status_code)


def withdrawn(walk: Walk, alice: Visitor, nobody: Visitor) -> None:
    """Gone for good, with the reason. The log of all that was done is for admins."""
    funds = "/v1/datasets/treasury/funds"
    walk.note("audit", actions=sorted(one["action"] for one in alice.get(f"{funds}/audit").json()["data"]))
    walk.note("withdrawn", state=alice.job(f"{funds}/withdraw", reason="It was another year's.")["state"])
    eventually(lambda: nobody.ask("GET", funds).status_code == 410)
    told = nobody.get(funds, 410).json()
    assert "another year" in nobody.get("/treasury/funds", 410).text
    nobody.get("/data/treasury/funds/derived/r1-b3/facts.parquet", 410)
    walk.note("gone", reason=told["reason"])


def scrubbed(text: str) -> str:
    """The body of an answer without the id of its request."""
    return re.sub(r"[0-9a-f]{32}", "", text)


def eventually(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Buckets are asked once a second; then it must hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.25)
