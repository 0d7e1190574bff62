"""A visit of somebody who is signed in: the requests of `/manage…` and `/import…`, who sends them, and the answers.

Pages are for their visitor alone: nobody keeps them. What a form does goes to the APIs, and a page answers only where
something is wrong or must be shown once; else the browser is sent on, so that going back or reloading repeats nothing.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Response, post, route
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from openspending.browse.languages import gettext as _
from openspending.browse.rendering import html
from openspending.browse.signedin import words
from openspending.browse.signedin.acting import acting, form_of
from openspending.browse.signedin.notices import notice
from openspending.browse.visitors import ACCESS_COOKIES, READ, here, resuming, told, whole
from openspending.client import ApiError, Client
from openspending.errors import NotFound, OpenSpendingError, Renamed, StoreError, TooLarge, Unauthorised, Withdrawn
from openspending.web import CLOSED, AnyRequest, close

Answer = Response[bytes]
ROLES: Final = ("viewer", "editor", "publisher", "admin")
_WORDS: Final = {
    "state_words": words.state_words,
    "kind_words": words.kind_words,
    "role_words": words.role_words,
    "action_words": words.action_words,
    "device_words": words.device_words,
    "deed_words": words.deed_words,
    "detail_words": words.detail_words,
}
_FORBIDDEN: Final = 403
_TOO_LARGE: Final = 413
_AWAY: Final = 503


def _none(_: Mapping[str, Any]) -> None:
    return None


# The door to datasets lets in whoever may read one. Here the APIs are asked, which come to that door themselves.
_OWN_DOOR: Final = {"dataset": _none}


class Strange(OpenSpendingError):
    """A form that no page of ours has sent."""


@dataclass(slots=True)
class Visit:
    """One request of a visitor. `client` asks the APIs for them, `me` is what these say of them, `csrf` goes into
    forms, `form` has the fields of the form that was sent (none where a page is only looked at)."""

    request: AnyRequest
    client: Client
    me: Mapping[str, Any]
    csrf: str
    cookies: list[Cookie] = field(default_factory=list)
    form: Sequence[tuple[str, str]] = ()

    def at(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str:
        """A parameter of the query; "" without it."""
        return str(self.request.query_params.get(name, ""))

    def field(self, name: str, otherwise: str = "") -> str:
        """What was written into a field of the form; `otherwise` where there is no such field."""
        return next((value for key, value in self.form if key == name), otherwise)

    def fields(self, name: str) -> list[str]:
        """What was written into, or chosen of, all the fields of that name."""
        return [value for key, value in self.form if key == name]

    def page(self, template: str, status: int = 200, **filled: Any) -> Answer:
        """A page for the visitor."""
        shared = {"known": True, "csrf": self.csrf, "me": self.me, "notice": notice(self.asked("done")), **_WORDS}
        shared["faults"] = defaultdict(str, filled.pop("faults", {}))
        answer = html(self.request, f"manage/{template}", status, **{"problem": "", **shared, **filled})
        answer.set_header("Cache-Control", CLOSED)
        answer.cookies.extend(self.cookies)
        return answer

    def sent_on(self, path: str, done: str = "") -> Answer:
        """The browser goes on to a page of ours, which says what was done."""
        language = self.asked("lang")
        asked = {**({"done": done} if done else {}), **({"lang": language} if language else {})}
        return _to(path + (f"?{urlencode(asked)}" if asked else ""), self.cookies)

    def role_on(self, owner: str, name: str = "") -> str:
        """The highest role that the visitor has on a dataset, or without a name on its owner; "" for none."""
        if self.me.get("administrator"):
            return "admin"
        given = [self.me["roles"].get(owner), self.me["grants"].get(f"{owner}/{name}")]
        return max((one for one in given if one in ROLES), key=ROLES.index, default="")

    def has_role(self, least: str, owner: str, name: str = "") -> bool:
        """Whether the visitor has at least this role there. It says what is shown; the APIs decide what is done."""
        role = self.role_on(owner, name)
        return bool(role) and ROLES.index(role) >= ROLES.index(least)


Shows = Callable[[Visit], Awaitable[Answer]]
Large = Callable[[AnyRequest], Answer]


def shown(client: Client, path: str, show: Shows) -> HTTPRouteHandler:
    """A page, for those who are signed in; others are asked to sign in, and come back."""

    @route(path, http_method=READ, include_in_schema=False, opt=_OWN_DOOR)
    async def page(request: AnyRequest) -> Answer:
        close(request.scope)
        if not told(request):
            return resuming(request) or _sign_in(whole(request))
        try:
            return await _answered(await _visit(request, client), show)
        except Unauthorised:  # the token in the browser's cookies has ended; its session may have another
            return (
                _to(whole(request), _gone(request)) if "authorization" not in request.headers else _sign_in("/manage")
            )

    return page


def taken(client: Client, path: str, take: Shows, large: Large | None = None) -> HTTPRouteHandler:
    """What takes the form of a page at the same path. The form repeats the word of the visitor's session. `large` says
    what to do about files that are too large to come with it."""

    @post(path, include_in_schema=False, status_code=200, opt=_OWN_DOOR)
    async def form(request: AnyRequest) -> Answer:
        close(request.scope)
        try:
            return await _answered(await _sender(request, client), take)
        except Unauthorised:
            return _sign_in(here(request))
        except TooLarge as error:
            return large(request) if large is not None else _refused(request, str(error), _TOO_LARGE)
        except OpenSpendingError as error:  # there is no visit yet
            return _refused(request, str(error), _FORBIDDEN)

    return form


def upwards(path: str, steps: int) -> HTTPRouteHandler:
    """For whoever opens the address of a form that is no page: the page so many steps above, which has the form."""

    @route(path, http_method=READ, include_in_schema=False, status_code=303, opt=_OWN_DOOR)
    async def above(request: AnyRequest) -> Answer:
        return _to("/".join(here(request).rstrip("/").split("/")[:-steps]), [])

    return above


async def _visit(request: AnyRequest, client: Client) -> Visit:
    known = await acting(request, client)
    return Visit(request, known.client, await known.client.ask("/v1/identity/me"), known.csrf, granted(known.cookies))


async def _sender(request: AnyRequest, client: Client) -> Visit:
    """The visit of whoever sends a form. Raises Strange unless a page of ours made it for them."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Strange(_("This form came from another site. Nothing was done."))
    form = await form_of(request)
    word = next((value for name, value in form if name == "csrf"), "")
    known = await acting(request, client, word)
    strange = not known.csrf or not hmac.compare_digest(word.encode(), known.csrf.encode())
    if strange and "authorization" not in request.headers:
        raise Strange(_("This form is of another session. Nothing was done; open the page again."))
    me = await known.client.ask("/v1/identity/me")
    return Visit(request, known.client, me, known.csrf, granted(known.cookies), form)


async def _answered(visit: Visit, answer: Shows) -> Answer:
    """The answer, or the page that says why there is none."""
    try:
        return await answer(visit)
    except Renamed as error:
        return _to(f"/manage/{quote(error.owner, safe='@+')}/{quote(error.name, safe='')}", visit.cookies)
    except Withdrawn as error:
        return visit.page("refused.html", 410, problem=str(error), reason=error.reason)
    except NotFound as error:
        return visit.page("refused.html", 404, problem=str(error), reason="")
    except ApiError as error:
        return visit.page("refused.html", error.status, problem=error.detail, reason="")
    except StoreError as error:
        return visit.page("refused.html", _AWAY, problem=str(error), reason="")


def _refused(request: AnyRequest, problem: str, status: int) -> Answer:
    said = {"known": bool(told(request)), "csrf": "", "me": None, "notice": "", "faults": {}}
    answer = html(request, "manage/refused.html", status, **said, problem=problem, reason="")
    answer.set_header("Cache-Control", CLOSED)
    return answer


def _sign_in(then: str) -> Answer:
    return _to(f"/sign-in?next={quote(then, safe='')}", [])


def _to(address: str, cookies: Sequence[Cookie]) -> Answer:
    headers = {"Cache-Control": CLOSED, "Location": address, "Referrer-Policy": "no-referrer"}
    return Response(b"", status_code=303, media_type="text/html", headers=headers, cookies=list(cookies))


def _gone(request: AnyRequest) -> list[Cookie]:
    """What takes the access token away from the browser."""
    names = [one for one in request.cookies if one.startswith(ACCESS_COOKIES)]
    return [Cookie(key=one, value="", path="/", max_age=0, httponly=True, samesite="lax") for one in names]


def granted(headers: Sequence[str]) -> list[Cookie]:
    """The cookies of headers Set-Cookie of Identity, to be handed on to the browser."""
    found: list[Cookie] = []
    for header in headers:
        for name, one in SimpleCookie(header).items():
            lasts = int(one["max-age"]) if one["max-age"] else None
            secure, path = bool(one["secure"]), one["path"] or "/"
            found.append(Cookie(name, path, one.value, lasts, httponly=True, samesite="lax", secure=secure))
    return found
