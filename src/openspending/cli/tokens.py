"""`tokens` and `keys`: what robots come with, and what signs access tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openspending.cli.accounts import opened
from openspending.cli.options import Json
from openspending.cli.output import console, failing_plainly, show_json, show_table

if TYPE_CHECKING:
    from openspending.actor import Scope
    from openspending.identity.robots import RobotToken

app = typer.Typer(help="Show tokens of robots; make and revoke them.", invoke_without_command=True)
keys_app = typer.Typer(help="Show the keys that sign access tokens; change them.", invoke_without_command=True)

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose robot it is.", show_default=False)]
Title = Annotated[str, typer.Option(help="What it is for.")]
Scopes = Annotated[
    list[str] | None,
    typer.Option(
        "--scope",
        metavar="ACTIONS:DATASETS",
        help="Actions joined by commas, and owner/name with * for any characters; may be repeated. [all]",
        show_default=False,
    ),
]
Days = Annotated[int, typer.Option(min=1, max=366, help="Days that it lasts.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The token's id.", show_default=False)]
AtOnce = Annotated[
    bool,
    typer.Option("--at-once", help="The keys before it are gone: one may have been stolen. Browsers go on anyway."),
]


@app.callback()
def tokens(context: typer.Context, as_json: Json = False) -> None:
    """Show the tokens of robots: whose they are, what they may do, when they were used last.

    Examples:

        openspending tokens

        openspending tokens make ada --title nightly --scope "read,import:ministry/*"

        openspending tokens revoke 5f0c6b1e0f4e4f0f9d6b7d3f2a1c8e90
    """
    if context.invoked_subcommand is not None:
        return
    from openspending.identity import accounts, robots

    with failing_plainly(as_json=as_json), opened(context) as identity:
        found = robots.listed(identity.engine)
        with identity.engine.connect() as connection:
            names = {one.id: one.name for one in accounts.listed(connection)}
    if as_json:
        show_json({"tokens": [_described(one, names[one.account]) for one in found]})
        return
    lines = [
        (
            one.id,
            names[one.account],
            one.title,
            _words(one.scopes),
            "revoked" if one.revoked else f"{one.expires:%Y-%m-%d}",
            one.last_used and f"{one.last_used:%Y-%m-%d %H:%M}",
        )
        for one in found
    ]
    show_table(("id", "account", "title", "may", "until", "used"), lines)


@app.command()
def make(
    context: typer.Context,
    account: Account,
    title: Title = "robot",
    scope: Scopes = None,
    days: Days = 90,
    as_json: Json = False,
) -> None:
    """Make a token for a robot. It is shown this once.

    Example:

        openspending tokens make ada --title nightly --scope "read,import:ministry/*" --days 30
    """
    from openspending.identity import accounts, robots

    with failing_plainly(as_json=as_json), opened(context) as identity:
        with identity.engine.connect() as connection:
            found = accounts.named(connection, account)
        scopes = None if not scope else [_scope(one) for one in scope]
        made, secret = robots.create(identity.engine, found.id, title=title, scopes=scopes, days=days)
    if as_json:
        show_json({"id": made.id, "secret": secret, "expires": made.expires})
    else:
        console().print(secret)
        console(stderr=True).print(f"It holds until {made.expires:%Y-%m-%d}, and is not shown again.")


@app.command()
def revoke(context: typer.Context, token: Id) -> None:
    """Revoke a token: nobody can use it from now on."""
    from openspending.errors import NotFound
    from openspending.identity import robots

    with failing_plainly(as_json=False), opened(context) as identity:
        found = next((one for one in robots.listed(identity.engine) if one.id == token), None)
        if found is None:
            raise NotFound("There is no such token.")
        robots.revoke(identity.engine, found.account, token)
        identity.endings.tell()
    console().print(f"“{found.title}” is revoked.")


@keys_app.callback()
def keys(context: typer.Context, as_json: Json = False) -> None:
    """Show the keys that sign access tokens. Their private halves are never shown.

    Examples:

        openspending keys

        openspending keys rotate
    """
    if context.invoked_subcommand is not None:
        return
    with failing_plainly(as_json=as_json), opened(context) as identity:
        found = identity.keys.listed()
    if as_json:
        rows = [
            {"kid": one.kid, "created": one.created, "signs_from": one.signs_from, "verifies_until": one.verifies_until}
            for one in found
        ]
        show_json({"keys": rows})
        return
    lines = [
        (one.kid, f"{one.signs_from:%Y-%m-%d %H:%M}", one.verifies_until and f"{one.verifies_until:%Y-%m-%d %H:%M}")
        for one in found
    ]
    show_table(("key", "signs from", "verifies until"), lines)


@keys_app.command()
def rotate(context: typer.Context, at_once: AtOnce = False, as_json: Json = False) -> None:
    """Sign with a new key from now on. Nobody has to sign in anew.

    Example:

        openspending keys rotate
    """
    with failing_plainly(as_json=as_json), opened(context) as identity:
        made = identity.keys.rotate(at_once=at_once)
    if as_json:
        show_json({"kid": made.kid, "signs_from": made.signs_from})
    else:
        console().print(f"{made.kid} signs from {made.signs_from:%H:%M:%S} UTC.")


@keys_app.command()
def publish(context: typer.Context) -> None:
    """Publish the public keys again, for a public store that is new or was restored."""
    with failing_plainly(as_json=False), opened(context) as identity:
        identity.keys.publish()
    console().print("The public keys are at identity/jwks.json in the public store.")


def _described(one: RobotToken, account: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "account": account,
        "title": one.title,
        "prefix": one.prefix,
        "scopes": _words(one.scopes),
        "expires": one.expires,
        "last_used": one.last_used,
        "revoked": one.revoked,
    }


def _scope(text: str) -> Scope:
    """The scope of `actions:datasets`; of actions alone, on all datasets."""
    from openspending.actor import Scope

    actions, _, datasets = text.partition(":")
    return Scope(tuple(one.strip() for one in actions.split(",")), datasets.strip() or "*")


def _words(scopes: tuple[Scope, ...] | None) -> str:
    return "everything" if scopes is None else ", ".join(f"{','.join(one.actions)}:{one.datasets}" for one in scopes)
