"""`/manage/account`: tokens whose secrets are shown once, organisations, invitations."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.browse.managing import BASE, Browser, Desk, send, word
from tests.browse.reading import Reader

pytestmark = pytest.mark.slow

ACCOUNT = "/manage/account"
TOKENS = f"{ACCOUNT}/tokens"
ORGANISATIONS = f"{ACCOUNT}/organisations"


def test_a_token_is_shown_once_holds_until_it_is_revoked_and_can_do_no_more_than_was_ticked(
    place: Desk, ada: Browser
) -> None:
    fields = {"token": "night <ly>", "days": "7", "reach": "some", "actions": ["read"], "datasets": "ministry/bud*"}
    made = send(ada, ACCOUNT, fields, TOKENS)
    assert (made.status_code, made.headers["cache-control"]) == (201, "private, no-store")
    (secret,) = re.findall(r'class="secret">(osr_[^<]+)<', made.text)
    robot = place.nobody()
    robot.headers["Authorization"] = f"Bearer {secret}"
    assert robot.get("/v1/datasets/ministry/budget").status_code == 200
    assert robot.post("/v1/datasets/ministry/budget/publish").status_code == 403
    later = ada.get(ACCOUNT).text
    assert secret not in later
    assert "night &lt;ly&gt;" in later
    (revoke,) = [one for one in Reader(later).links if one.endswith("/revoke")]
    assert ada.get(revoke).status_code == 200
    assert robot.get("/v1/datasets/ministry/budget").status_code == 200  # to look at the question does nothing
    assert send(ada, revoke).headers["location"] == f"{ACCOUNT}?done=revoked"
    assert robot.get("/v1/datasets/ministry/budget").status_code == 401
    assert revoke not in Reader(ada.get(ACCOUNT).text).links
    assert place.signed_in("bob").get(revoke).status_code == 404


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"token": " ", "days": "7", "reach": "all"}, "token"),
        ({"token": "kept<x>", "days": "soon", "reach": "all"}, "days"),
        ({"token": "kept<x>", "days": "400", "reach": "all"}, "days"),
        ({"token": "kept<x>", "days": "7", "reach": "some", "datasets": "ministry/*"}, "scopes"),
        ({"token": "kept<x>", "days": "7", "reach": "some", "actions": ["read"], "datasets": "a/b/c"}, "scopes"),
    ],
)
def test_what_is_wrong_with_a_token_stands_beside_its_field(
    ada: Browser, fields: dict[str, object], fault: str
) -> None:
    answer = send(ada, ACCOUNT, fields, TOKENS)
    assert answer.status_code in {400, 422}
    assert f'id="{fault}-fault"' in answer.text
    assert fields["token"] == " " or 'value="kept&lt;x&gt;"' in answer.text
    assert 'class="secret"' not in answer.text


def test_an_organisation_is_made_and_people_come_and_go(place: Desk, ada: Browser) -> None:
    taken = send(ada, ACCOUNT, {"organisation": "bob", "organisation_title": "Kept"}, ORGANISATIONS)
    assert (taken.status_code, 'id="organisation-fault"' in taken.text) == (409, True)
    assert 'value="Kept"' in taken.text
    here = f"{ORGANISATIONS}/town"
    made = send(ada, ACCOUNT, {"organisation": "town", "organisation_title": "The <Town>"}, ORGANISATIONS)
    assert made.headers["location"] == f"{here}?done=organised"
    assert "The &lt;Town&gt;" in ada.get(here).text  # also to the token that the browser had before
    wrong = send(ada, here, {"email": "no address", "role": "editor"}, f"{here}/invitations")
    assert (wrong.status_code, 'id="email-fault"' in wrong.text) == (400, True)
    invited = send(ada, here, {"email": "", "role": "editor"}, f"{here}/invitations")
    (link,) = re.findall(r'class="secret">([^<]+)<', invited.text)
    guest = place.nobody()
    code = unescape(link).partition("#code=")[2]
    assert guest.post("/v1/identity/sign-in", json={"code": code}).status_code == 200
    name = guest.get("/v1/identity/me").json()["name"]
    shown = Reader(guest.get(here).text)
    assert "editor: imports too" in shown.text
    assert shown.forms <= {"/sign-out", "/search"}  # who is no admin can do nothing here …
    assert [one for one in shown.links if one.endswith(f"/members/{name}/remove")]  # … but leave
    fields = {"account": name, "role": "publisher"}
    assert send(ada, here, fields, f"{here}/members").headers["location"] == f"{here}?done=member"
    assert send(ada, f"{here}/members/{name}/remove").headers["location"] == f"{here}?done=unmember"
    assert guest.get(here).status_code == 404
    last = send(ada, f"{here}/members/ada/remove")
    assert (last.status_code, "needs an admin" in last.text) == (409, True)
    unknown = send(ada, here, {"account": "nobody", "role": "viewer"}, f"{here}/members")
    assert (unknown.status_code, 'id="account-fault"' in unknown.text) == (422, True)


def test_a_name_is_chosen_once(place: Desk, ada: Browser) -> None:
    here = f"{ORGANISATIONS}/ministry"
    link = re.findall(r'class="secret">([^<]+)<', send(ada, here, {"role": "viewer"}, f"{here}/invitations").text)[0]
    guest = place.nobody()
    guest.post("/v1/identity/sign-in", json={"code": unescape(link).partition("#code=")[2]})
    taken = send(guest, ACCOUNT, {"title": "Eve", "name": "ada"})
    assert (taken.status_code, 'id="name-fault"' in taken.text) == (409, True)
    assert send(guest, ACCOUNT, {"title": "Eve", "name": "eve"}).headers["location"] == f"{ACCOUNT}?done=saved"
    page = guest.get(ACCOUNT).text
    assert "Eve" in Reader(page).text
    assert 'id="name"' not in page


def test_one_sees_where_one_is_signed_in_and_signs_out_there(place: Desk) -> None:
    here, there, third = (place.signed_in("bob") for _ in range(3))
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    fourth = place.signed_in("bob", agent)
    page = here.get(ACCOUNT).text
    assert "Firefox on Linux" in Reader(page).text
    assert page.count("this browser") == 1
    (ends,) = [one for one in Reader(fourth.get(ACCOUNT).text).forms if one == "/manage/account/sessions"]
    known = {one["id"]: one["current"] for one in there.get("/v1/identity/sessions").json()["data"]}
    (own,) = [id_ for id_, current in known.items() if current]
    form = {"csrf": word(there.get(ACCOUNT).text), "title": "Bob"}
    ended = send(here, ACCOUNT, form=f"{ACCOUNT}/sessions/{own}/end")
    assert ended.headers["location"] == f"{ACCOUNT}?done=ended"
    kept = there.post(ACCOUNT, data=form, headers={"Accept": "text/html"}, follow_redirects=False)
    assert (kept.status_code, kept.headers["location"]) == (303, "/sign-in?next=%2Fmanage%2Faccount")
    assert there.get(ACCOUNT, follow_redirects=False).status_code == 401
    stranger = place.signed_in("ada")
    (theirs,) = [id_ for id_, current in known.items() if not current][:1]
    assert send(stranger, ACCOUNT, form=f"{ACCOUNT}/sessions/{theirs}/end").status_code == 404
    assert send(here, ACCOUNT, form=ends).headers["location"] == f"{ACCOUNT}?done=ended"
    assert third.get("/v1/identity/me").status_code == 401
    assert "Signed out there." in here.get(f"{ACCOUNT}?done=ended").text


def test_an_invitation_is_seen_sent_again_and_withdrawn_by_admins(place: Desk, ada: Browser, bob: Browser) -> None:
    here = f"{ORGANISATIONS}/ministry"
    made = send(ada, here, {"email": "eve@example.org", "role": "editor"}, f"{here}/invitations")
    first = unescape(re.findall(r'class="secret">([^<]+)<', made.text)[0])
    assert first.startswith(BASE)
    shown = ada.get(here).text
    assert ("eve@example.org" in shown, first in shown) == (True, False)
    assert "eve@example.org" not in bob.get(here).text
    deeds = [one for one in Reader(shown).forms if "/invitations/" in one and first[-43 - 32 : -43] in one]
    anew, withdrawn = sorted(deeds)
    assert send(bob, ACCOUNT, form=anew).status_code == 403
    second = unescape(re.findall(r'class="secret">([^<]+)<', send(ada, here, form=anew).text)[0])
    assert second != first
    assert send(ada, here, form=withdrawn).headers["location"] == f"{here}?done=uninvited"
    assert "eve@example.org" not in ada.get(here).text
    for link in (first, second):
        code = link.partition("#code=")[2]
        assert place.nobody().post("/v1/identity/sign-in", json={"code": code}).status_code == 401
