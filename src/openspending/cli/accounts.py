"""`accounts`: who may do what here, told and changed by whoever runs the installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openspending.cli.options import Json, settings_of
from openspending.cli.output import console, failing_plainly, show_json, show_table

if TYPE_CHECKING:
    from openspending.identity.accounts import Account
    from openspending.identity.installation import Installation

app = typer.Typer(help="Show accounts; make links to sign in with, invite, disable.", invoke_without_command=True)

Name = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
Email = Annotated[str, typer.Argument(help="Whom it is for; shown only.", show_default=False)]
Organisation = Annotated[
    str,
    typer.Option(help="The organisation that it brings a role in; it is made if there is none.", show_default=False),
]
Role = Annotated[str, typer.Option(help="That role: viewer, editor, publisher or admin.")]
Administrator = Annotated[bool, typer.Option("--administrator", help="It makes an administrator of everything.")]


@contextmanager
def opened(context: typer.Context) -> Iterator[Installation]:
    """Identity, over the settings' database and stores."""
    from openspending.assembly import Parts

    with Parts(settings_of(context)) as parts:
        yield parts.installation


def address_of(context: typer.Context) -> str:
    """Where people reach this installation, as far as the settings tell."""
    settings = settings_of(context)
    return settings.base_url or f"http://{settings.host}:{settings.port}"


@app.callback()
def accounts(context: typer.Context, as_json: Json = False) -> None:
    """Show the accounts, and the invitations that nobody has accepted yet.

    Examples:

        openspending accounts

        openspending accounts invite ada@example.org --organisation ministry --role editor

        openspending accounts link ada
    """
    if context.invoked_subcommand is not None:
        return
    from openspending.identity import accounts as kept
    from openspending.identity import links, organisations

    with failing_plainly(as_json=as_json), opened(context) as identity:
        invited = links.open_invitations(identity.engine)
        with identity.engine.connect() as connection:
            found = kept.listed(connection)
            of = {one.organisation: "" for one in invited}
            names = {id_: organisations.get(connection, id_).name if id_ else "" for id_ in of}
        roles = {one.id: _roles(identity, one) for one in found}
    if as_json:
        waiting = [{"email": one.email, "organisation": names[one.organisation], "role": one.role} for one in invited]
        show_json({"accounts": [_described(one, roles[one.id]) for one in found], "invitations": waiting})
        return
    rows = [(one.name, one.title, one.email, roles[one.id], one.seen and f"{one.seen:%Y-%m-%d}") for one in found]
    show_table(("name", "title", "e-mail", "roles", "signed in"), rows)
    if invited:
        console().print()
        waits = [(one.email, names[one.organisation], one.role, f"{one.expires:%Y-%m-%d}") for one in invited]
        show_table(("invited", "organisation", "role", "until"), waits)


@app.command()
def link(context: typer.Context, name: Name, as_json: Json = False) -> None:
    """Make a link that signs an account in, once, within a day. Send it by a way that only this person reads.

    Example:

        openspending accounts link ada
    """
    from openspending.identity import accounts as kept
    from openspending.identity import links

    with failing_plainly(as_json=as_json), opened(context) as identity:
        with identity.engine.connect() as connection:
            account = kept.named(connection, name)
        code = links.sign_in(identity.engine, account.id)
    _say_link(links.address(address_of(context), code), as_json=as_json)


@app.command()
def invite(
    context: typer.Context,
    email: Email = "",
    organisation: Organisation = "",
    role: Role = "editor",
    administrator: Administrator = False,
    as_json: Json = False,
) -> None:
    """Make a link that brings a new account, once, within two weeks. Nothing is sent from here.

    Where an issuer signs people in, whoever comes with this e-mail address, verified, is invited by that alone.

    Examples:

        openspending accounts invite ada@example.org --organisation ministry --role publisher

        openspending accounts invite --administrator
    """
    from openspending.identity import links, organisations

    with failing_plainly(as_json=as_json), opened(context) as identity:
        organisations.check_role(role)
        id_ = _organisation(identity, organisation) if organisation else None
        invitation = links.Invitation(email or None, id_, role if id_ else None, administrator)
        code = links.invite(identity.engine, invitation)
    _say_link(links.address(address_of(context), code), as_json=as_json)


@app.command()
def disable(context: typer.Context, name: Name) -> None:
    """Keep an account out, with its sessions and its tokens."""
    from openspending.database.engine import now
    from openspending.identity import endings, sessions

    with failing_plainly(as_json=False), opened(context) as identity:
        account = _changed(identity, name, disabled=now())
        with identity.engine.begin() as connection:
            endings.add_account(connection, account.id)
        sessions.end_all(identity.engine, account.id)
        identity.endings.tell()
    console().print(f"{account.name} is kept out.")


@app.command()
def enable(context: typer.Context, name: Name) -> None:
    """Let an account in again."""
    from openspending.identity import endings

    with failing_plainly(as_json=False), opened(context) as identity:
        account = _changed(identity, name, disabled=None)
        with identity.engine.begin() as connection:
            endings.take_back(connection, account.id)
        identity.endings.tell()
    console().print(f"{account.name} may sign in again.")


@app.command()
def remove(
    context: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")] = False,
) -> None:
    """Forget an account: its person, sessions, tokens and roles. What it published stays, and so does its name."""
    from openspending.database.engine import alone
    from openspending.identity import accounts as kept
    from openspending.identity import endings
    from openspending.identity.secretcodes import NAMING

    if not yes:
        typer.confirm(f"Forget the account {name}?", abort=True)
    with failing_plainly(as_json=False), opened(context) as identity:
        with alone(identity.engine, NAMING) as connection:
            account = kept.named(connection, name).id
            endings.add_account(connection, account)
            kept.remove(connection, account)
        identity.endings.tell()
    console().print(f"{name} is forgotten.")


def _changed(identity: Installation, name: str, **values: Any) -> Account:
    from openspending.database.engine import alone
    from openspending.identity import accounts as kept
    from openspending.identity.secretcodes import NAMING

    with alone(identity.engine, NAMING) as connection:
        account = kept.named(connection, name)
        kept.change(connection, account.id, **values)
        return account


def _organisation(identity: Installation, name: str) -> str:
    """The id of the organisation, which is made where there is none."""
    from openspending.database.engine import alone
    from openspending.errors import NotFound
    from openspending.identity import names, organisations
    from openspending.identity.secretcodes import NAMING

    with alone(identity.engine, NAMING) as connection:
        try:
            return organisations.named(connection, name).id
        except NotFound:
            identity.names.require_free(connection, name, also_with_datasets=True)
            return names.take(connection, "organisation", name, name)


def _roles(identity: Installation, account: Account) -> str:
    """What the account may do, in words."""
    if account.disabled is not None:
        return "disabled"
    held = [f"{role} of {owner}" for owner, role in identity.actor(account.id).roles.items() if owner != account.name]
    return ", ".join([*(["administrator"] if account.administrator else []), *held])


def _described(account: Account, roles: str) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "title": account.title,
        "email": account.email,
        "roles": roles,
        "signed_in": account.seen,
        "created": account.created,
    }


def _say_link(address: str, *, as_json: bool) -> None:
    if as_json:
        show_json({"link": address})
    else:
        console().print(address)
