from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from openspending.cli.commands import app
from openspending.cli.tokens import _scope
from openspending.database.engine import open_database
from openspending.datastore.layout import check_owner
from openspending.errors import Unauthorised
from openspending.identity import links, robots
from openspending.identity.names import NameRules

pytestmark = pytest.mark.slow


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result.output


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def database() -> Any:
    return open_database("sqlite:///data/openspending.sqlite")


def follow(link: str) -> str:
    engine = database()
    try:
        return links.follow(engine, link.partition("#code=")[2], NameRules(check_owner, lambda _: False))
    finally:
        engine.dispose()


def is_let_in(secret: str) -> bool:
    engine = database()
    try:
        return robots.actor(engine, secret).known
    except Unauthorised:
        return False
    finally:
        engine.dispose()


def test_somebody_is_invited_makes_an_account_and_is_let_in_again_by_a_link() -> None:
    link = run("accounts", "invite", "ada@example.org", "--organisation", "ministry", "--role", "publisher").strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in#code=")
    assert told("accounts")["invitations"] == [
        {"email": "ada@example.org", "organisation": "ministry", "role": "publisher"}
    ]
    account = follow(link)
    assert "publisher of ministry" in run("accounts")
    (found,) = told("accounts")["accounts"]
    assert (found["id"], found["name"], found["email"]) == (account, "ada", "ada@example.org")
    assert follow(told("accounts", "link", "ADA")["link"]) == account
    assert "There is no account “eve”" in run("accounts", "link", "eve", code=1)
    assert "There is no role “king”" in run("accounts", "invite", "x@example.org", "--role", "king", code=1)


def test_an_administrator_is_invited_too() -> None:
    follow(run("accounts", "invite", "--administrator").strip())
    assert "administrator" in run("accounts")


def test_robots_tokens_are_made_told_and_revoked_and_end_with_their_account() -> None:
    follow(run("accounts", "invite", "ada@example.org").strip())
    made = told("tokens", "make", "ada", "--title", "nightly", "--scope", "read,import:ministry/*")
    assert is_let_in(made["secret"])
    shown = run("tokens")
    assert "read,import:ministry/*" in shown
    assert made["secret"] not in shown
    secret = run("tokens", "make", "ada").splitlines()[0]
    assert {one["scopes"] for one in told("tokens")["tokens"]} == {"everything", "read,import:ministry/*"}
    run("tokens", "revoke", made["id"])
    assert not is_let_in(made["secret"])
    assert "There is no such token" in run("tokens", "revoke", "x", code=1)
    run("accounts", "disable", "ada")
    assert "disabled" in run("accounts")
    assert not is_let_in(secret)
    run("accounts", "enable", "ada")
    assert is_let_in(secret)
    assert "forgotten" in run("accounts", "remove", "ada", "--yes")
    assert not is_let_in(secret)
    assert told("accounts")["accounts"] == []
    assert told("tokens") == {"tokens": []}


def test_keys_are_changed_and_never_shown() -> None:
    assert told("keys") == {"keys": []}
    first = told("keys", "rotate")["kid"]
    second = told("keys", "rotate")["kid"]
    assert [one["kid"] for one in told("keys")["keys"]] == [second, first]
    assert "PRIVATE" not in run("keys")
    third = told("keys", "rotate", "--at-once")["kid"]
    assert [one["kid"] for one in told("keys")["keys"]] == [third]
    assert "identity/jwks.json" in run("keys", "publish")


@pytest.mark.parametrize(
    ("text", "actions", "datasets"),
    [("read", ("read",), "*"), ("read, import:a/*", ("read", "import"), "a/*"), (":x", ("",), "x")],
)
def test_a_scope_is_actions_and_datasets(text: str, actions: tuple[str, ...], datasets: str) -> None:
    found = _scope(text)
    assert (found.actions, found.datasets) == (actions, datasets)
