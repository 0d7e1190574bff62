"""What is kept of accounts, organisations, tokens and keys, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text, update

from openspending.actor import Scope
from openspending.database.engine import alone, metadata, migrate, now, open_database
from openspending.errors import BadQuery, Conflict, NotFound, StoreError, Unauthorised
from openspending.identity import (
    accounts,
    collaborators,
    endings,
    invitations,
    links,
    names,
    organisations,
    robots,
    sessions,
)
from openspending.identity.devices import Device
from openspending.identity.ended import Ended, listed
from openspending.identity.installation import Installation
from openspending.identity.keys import AFTER_IT_SIGNED, BEFORE_IT_SIGNS, Keys
from openspending.identity.links import Invitation
from openspending.identity.schema import COLLABORATORS, ENDINGS, LINKS, OWNERS, ROBOT_TOKENS, SESSIONS, SIGNING_KEYS
from openspending.identity.secretcodes import NAMING
from openspending.identity.tokens import PublicKeys, Verifier
from tests.identity.conftest import Published, installed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('storage') / 'test.sqlite'}")
    else:
        engine = open_database(request.getfixturevalue("postgres_url"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def identity(migrated: Engine, store: Published) -> Installation:
    with migrated.begin() as connection:
        for table in (LINKS, SIGNING_KEYS, OWNERS, COLLABORATORS, ENDINGS):  # the others go with these
            connection.execute(delete(table))
    return installed(migrated, store)


def made(identity: Installation, name: str, **more: Any) -> str:
    with alone(identity.engine, NAMING) as connection:
        return accounts.create(connection, name, **more).id


def organisation(identity: Installation, name: str, admin: str) -> str:
    with alone(identity.engine, NAMING) as connection:
        return organisations.create(connection, name, "", accounts.get(connection, admin), identity.names).id


def renamed(identity: Installation, account: str, name: str) -> None:
    with alone(identity.engine, NAMING) as connection:
        accounts.rename(connection, accounts.get(connection, account), name, identity.names)


def test_names_are_of_one_space_whatever_their_case(identity: Installation, store: Published) -> None:
    ada, root = made(identity, "ada"), made(identity, "root", administrator=True)
    store.owners.add("treasury")
    for taken in ("ada", "Ada", "treasury"):
        with pytest.raises(Conflict):
            organisation(identity, taken, ada)
    for bad in ("v1", "sign-in", "", "a/b", ".a", "é", "a" * 101):
        with pytest.raises(BadQuery):
            organisation(identity, bad, ada)
    organisation(identity, "Ministry", ada)
    organisation(identity, "treasury", root)  # an administrator may claim datasets that are nobody's
    with alone(identity.engine, NAMING) as connection:
        wished = [
            names.free(connection, one, identity.names) for one in ("Ada", "ada@example.org", "日本", "V1", "ministry")
        ]
    assert wished == ["ada-2", "ada-2", "person", "v1-2", "ministry-2"]


def test_a_name_is_chosen_once_and_stays_taken(identity: Installation) -> None:
    ada, bob = made(identity, "provisional"), made(identity, "bob")
    renamed(identity, ada, "Ada")
    with pytest.raises(Conflict, match="chosen before"):
        renamed(identity, ada, "lovelace")
    # whoever got the former name would get what was published under it
    with pytest.raises(Conflict, match="taken"):
        renamed(identity, bob, "provisional")
    assert identity.actor(ada).roles == {"Ada": "admin", "provisional": "admin"}
    with alone(identity.engine, NAMING) as connection:
        accounts.remove(connection, ada)
    with pytest.raises(Conflict, match="taken"):
        renamed(identity, bob, "ada")
    with pytest.raises(Unauthorised):
        identity.actor(ada)


def test_an_actor_has_its_own_name_its_organisations_and_what_is_shared_with_it(identity: Installation) -> None:
    ada, bob = made(identity, "ada"), made(identity, "bob")
    ministry = organisation(identity, "ministry", ada)
    with alone(identity.engine, NAMING) as connection:
        organisations.put_member(connection, ministry, bob, "publisher")
    collaborators.put(identity.engine, "city", "budget", "BOB", "viewer")
    collaborators.put(identity.engine, "city", "budget", bob, "editor")
    actor = identity.actor(bob)
    assert (actor.name, actor.roles) == ("bob", {"bob": "admin", "ministry": "publisher"})
    assert (actor.grants, actor.administrator, actor.scopes) == ({"city/budget": "editor"}, False, None)
    with alone(identity.engine, NAMING) as connection:
        accounts.change(connection, bob, disabled=now())
    with pytest.raises(Unauthorised):
        identity.actor(bob)


def test_an_organisation_keeps_an_admin(identity: Installation) -> None:
    ada, bob = made(identity, "ada"), made(identity, "bob")
    ministry = organisation(identity, "ministry", ada)
    with alone(identity.engine, NAMING) as connection:
        with pytest.raises(Conflict):
            organisations.put_member(connection, ministry, ada, "viewer")
        with pytest.raises(Conflict):
            organisations.remove_member(connection, ministry, ada)
        with pytest.raises(BadQuery):
            organisations.put_member(connection, ministry, bob, "owner")
        organisations.put_member(connection, ministry, bob, "admin")
        organisations.remove_member(connection, ministry, ada)
        with pytest.raises(NotFound):
            organisations.remove_member(connection, ministry, ada)


def test_collaborators_follow_their_dataset(identity: Installation) -> None:
    made(identity, "ada")
    made(identity, "bob")
    for account in ("ada", "bob"):
        collaborators.put(identity.engine, "city", "old", account, "viewer")
    collaborators.put(identity.engine, "city", "new", "bob", "admin")
    collaborators.moved(identity.engine, "city", "old", "city", "new")
    collaborators.moved(identity.engine, "city", "old", "city", "new")
    shared = collaborators.listed(identity.engine, "city", "new")
    assert [(one.name, one.role) for one in shared] == [("ada", "viewer"), ("bob", "admin")]
    collaborators.remove(identity.engine, "city", "new", "ada")
    with pytest.raises(NotFound):
        collaborators.remove(identity.engine, "city", "new", "ada")
    with pytest.raises(NotFound):
        collaborators.put(identity.engine, "city", "new", "nobody", "viewer")
    collaborators.forgotten(identity.engine, "city", "new")
    assert collaborators.listed(identity.engine, "city", "new") == []


def test_a_robot_is_what_its_account_is_within_its_scopes(identity: Installation) -> None:
    ada = made(identity, "ada")
    scopes = (Scope(("read", "import"), "ministry/*"),)
    token, secret = robots.create(identity.engine, ada, title="nightly", scopes=scopes)
    whole, everything = robots.create(identity.engine, ada, title="all", scopes=None, days=1)
    actor = robots.actor(identity.engine, secret)
    assert (actor.account, actor.scopes, actor.token, actor.roles) == (ada, scopes, token.id, {"ada": "admin"})
    assert robots.actor(identity.engine, everything).scopes is None
    organisation(identity, "ministry", ada)
    assert robots.actor(identity.engine, secret).roles["ministry"] == "admin"  # as things stand now
    shown = robots.listed(identity.engine, ada)
    assert [one.title for one in shown] == ["all", "nightly"]
    assert all(one.last_used is not None for one in shown)
    assert secret not in repr(shown)
    with identity.engine.begin() as connection:
        over = {"expires": now() - timedelta(seconds=1)}
        connection.execute(update(ROBOT_TOKENS).where(ROBOT_TOKENS.c.id == whole.id).values(**over))
    robots.revoke(identity.engine, ada, token.id)
    robots.revoke(identity.engine, ada, token.id)
    for gone in (secret, everything, "osr_made-up", "osr_", "", "\ud800"):
        with pytest.raises(Unauthorised):
            robots.actor(identity.engine, gone)
    with pytest.raises(NotFound):
        robots.revoke(identity.engine, made(identity, "bob"), whole.id)


def test_scopes_and_days_that_cannot_be_are_refused(identity: Installation) -> None:
    cases: tuple[tuple[tuple[Scope, ...] | None, int], ...] = (
        ((), 1),
        ((Scope((), "*"),), 1),
        ((Scope(("fly",), "*"),), 1),
        ((Scope(("read",), ""),), 1),
        ((Scope(("read",), "a/b/c"),), 1),
        ((Scope(("read",), "[a-z]*"),), 1),
        ((Scope(("read",)),) * 21, 1),
        (None, 0),
        (None, 367),
    )
    for scopes, days in cases:
        with pytest.raises(BadQuery):
            robots.create(identity.engine, "nobody", title="x", scopes=scopes, days=days)


def test_no_secret_is_in_the_database(identity: Installation) -> None:
    ada = made(identity, "ada")
    _, robot = robots.create(identity.engine, ada, title="x", scopes=None)
    _, session = sessions.start(identity.engine, ada)
    codes = (links.sign_in(identity.engine, ada), links.invite(identity.engine, Invitation(email="b@example.org")))
    with identity.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for name in metadata.tables
            if name in {"robot_tokens", "sessions", "links", "accounts", "owners"}
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    assert len(rows) >= 5
    assert not any(secret[32:] in row for secret in (robot, session, *codes) for row in rows)
    sessions.end_all(identity.engine, ada)
    with pytest.raises(Unauthorised):
        sessions.find(identity.engine, session)


def test_sessions_are_known_again_and_end_one_by_one_or_all_others(identity: Installation) -> None:
    ada, bob = made(identity, "ada"), made(identity, "bob")
    here, secret = sessions.start(identity.engine, ada, device=Device("Firefox", "Linux"))
    there, _ = sessions.start(identity.engine, ada)
    others, _ = sessions.start(identity.engine, bob)
    with identity.engine.begin() as connection:  # as a program before left them: nobody knows when they were used
        long_ago = {"created": now() - timedelta(days=1), "used": None}
        connection.execute(update(SESSIONS).where(SESSIONS.c.id == here.id).values(**long_ago))
    listed = sessions.listed(identity.engine, ada)
    assert [(one.id, one.device) for one in listed] == [(there.id, Device()), (here.id, Device("Firefox", "Linux"))]
    assert listed[1].used == listed[1].created
    assert sessions.resume(identity.engine, secret) == here
    again = sessions.listed(identity.engine, ada)
    assert ([one.id for one in again], again[0].used > again[0].created) == ([here.id, there.id], True)
    with pytest.raises(NotFound):
        sessions.end_one(identity.engine, ada, others.id)
    sessions.end_one(identity.engine, ada, there.id)
    sessions.start(identity.engine, ada)
    assert sessions.end_all(identity.engine, ada, but=here.id) == 1
    assert [one.id for one in sessions.listed(identity.engine, ada)] == [here.id]
    assert [one.id for one in sessions.listed(identity.engine, bob)] == [others.id]


def test_what_ended_is_known_as_long_as_access_tokens_name_it(identity: Installation, store: Published) -> None:
    ada = made(identity, "ada")
    first, secret = sessions.start(identity.engine, ada)
    robot, _ = robots.create(identity.engine, ada, title="x", scopes=None)
    second, _ = sessions.start(identity.engine, ada, instead_of=secret)
    ended = Ended(lambda: listed(lambda: store.ended), count(0, 2).__next__)

    def known() -> set[str]:
        identity.endings.tell()
        ended.refresh()
        found = {one for one in (first.id, second.id, robot.id) if identity.endings.known.has(one)}
        assert found == {one for one in (first.id, second.id, robot.id) if ended.has(one)}
        return found

    assert known() == {first.id}
    with identity.engine.begin() as connection:
        connection.execute(update(ENDINGS).values(until=now()))
    assert known() == set()
    with identity.engine.begin() as connection:
        endings.add_account(connection, ada)
        endings.add_account(connection, ada)
    assert known() == {second.id, robot.id}
    with identity.engine.begin() as connection:
        endings.take_back(connection, ada)
    sessions.end_all(identity.engine, ada)
    robots.revoke(identity.engine, ada, robot.id)
    assert known() == {second.id, robot.id}


def test_open_invitations_are_listed_withdrawn_and_sent_again(identity: Installation) -> None:
    ada, bob = made(identity, "ada"), made(identity, "bob")
    ministry, town = organisation(identity, "ministry", ada), organisation(identity, "town", ada)
    wanted = Invitation(email="Bob@example.org", organisation=ministry, role="editor")
    first = links.invite(identity.engine, wanted, maker=ada)
    second = links.invite(identity.engine, Invitation(organisation=ministry, role="viewer"))
    third = links.invite(identity.engine, Invitation(organisation=town, role="viewer"))
    with alone(identity.engine, NAMING) as connection:
        listed = {one.id: one for one in invitations.listed(connection, ministry)}
        assert {first[:32], second[:32]} == set(listed)
        assert (listed[first[:32]].email, listed[first[:32]].maker) == ("bob@example.org", "ada")
        assert (listed[second[:32]].role, listed[second[:32]].maker) == ("viewer", None)
        for id_ in (third[:32], "x"):  # of another organisation is as if it were not
            with pytest.raises(NotFound):
                invitations.withdraw(connection, ministry, id_)
            with pytest.raises(NotFound):
                invitations.renew(connection, ministry, id_)
        invitations.withdraw(connection, ministry, second[:32])
        found, anew = invitations.renew(connection, ministry, first[:32])
    assert (found.id, found.expires > listed[found.id].expires) == (first[:32], True)
    for code in (first, second):
        with pytest.raises(Unauthorised):
            links.follow(identity.engine, code, identity.names, signed_in=bob)
    assert links.follow(identity.engine, anew, identity.names, signed_in=bob) == bob
    with identity.engine.connect() as connection:
        assert invitations.listed(connection, ministry) == []
    assert identity.actor(bob).roles == {"bob": "admin", "ministry": "editor"}


def test_a_key_is_published_before_it_signs_and_the_old_one_verifies_until_its_tokens_ended(
    identity: Installation, store: Published
) -> None:
    keys = identity.keys
    old = keys.current().kid
    made_ = keys.rotate()
    assert keys.current().kid == old
    published = {one["kid"] for one in json.loads(store.content)["keys"]}
    assert published == {old, made_.kid}
    known = {one.kid: one for one in keys.listed()}
    assert known[made_.kid].signs_from - known[made_.kid].created >= BEFORE_IT_SIGNS - timedelta(seconds=1)
    assert known[old].verifies_until == made_.signs_from + AFTER_IT_SIGNED
    with identity.engine.begin() as connection:
        passed = {"signs_from": now()}
        connection.execute(update(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == made_.kid).values(**passed))
    another = Keys(identity.engine, store.put, "openspending")  # another process, or this one a minute later
    assert another.current().kid == made_.kid
    verifier = Verifier(PublicKeys(store.get), "openspending")
    ada = identity.actor(made(identity, "ada"))
    for one in (keys, another):
        assert verifier.verify(one.access_token(ada)) == ada
    with identity.engine.begin() as connection:
        over = {"verifies_until": now() - timedelta(seconds=1)}
        connection.execute(update(SIGNING_KEYS).where(SIGNING_KEYS.c.kid == old).values(**over))
    another.rotate()
    assert old not in store.content.decode()


def test_a_stolen_key_is_gone_at_once(identity: Installation, store: Published) -> None:
    ada = identity.actor(made(identity, "ada"))
    token = identity.keys.access_token(ada)
    identity.keys.rotate(at_once=True)
    with pytest.raises(Unauthorised):
        Verifier(PublicKeys(store.get), "openspending").verify(token)
    assert Verifier(PublicKeys(store.get), "openspending").verify(identity.keys.access_token(ada)) == ada


def test_a_key_that_cannot_be_published_does_not_sign(identity: Installation) -> None:
    def silent(_: bytes) -> None:
        raise StoreError("The store is silent.")

    with pytest.raises(StoreError):
        Keys(identity.engine, silent, "openspending").current()
    assert identity.keys.listed() == []


def test_a_public_store_that_was_lost_has_the_keys_again_when_a_process_starts(
    identity: Installation, store: Published
) -> None:
    identity.keys.current()
    kept = store.content
    store.content = b"lost"
    Keys(identity.engine, store.put, "openspending").current()
    assert store.content == kept

    def silent(_: bytes) -> None:
        raise StoreError("The store is silent.")

    assert Keys(identity.engine, silent, "openspending").current().kid in kept.decode()


def test_processes_that_begin_at_once_sign_with_one_key(identity: Installation, store: Published) -> None:
    several = [Keys(identity.engine, store.put, "openspending") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert len({one.kid for one in pool.map(Keys.current, several)}) == 1
    assert len(json.loads(store.content)["keys"]) == 1
