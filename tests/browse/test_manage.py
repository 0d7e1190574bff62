"""`/manage`: what people do with their datasets, and who is kept from it."""

from __future__ import annotations

import re

import pytest

from tests.browse.managing import Browser, Desk, ended, send, start_import, word
from tests.browse.reading import Reader

pytestmark = pytest.mark.slow

BUDGET = "/manage/ministry/budget"
PAGES = (
    *("/manage", "/manage/jobs", "/manage/usage", "/manage/account", "/manage/account/organisations/ministry", BUDGET),
    *(f"{BUDGET}/{one}" for one in ("publish", "hide", "withdraw", "rename", "about", "people", "webhooks", "audit")),
)
BAD = b"Year;Code;Ministry;Approved\n2026;01;Health;1200\n2026;02;Education;x400\n2026;03;Transport;1125\n2026;04;A;5\n"


def test_every_page_is_for_its_visitor_alone_and_its_fields_have_labels(ada: Browser) -> None:
    for path in PAGES:
        answer = ada.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["cache-control"] == "private, no-store"
        page = Reader(answer.text)
        assert page.inputs <= page.labels, path
        assert "b" not in page.elements  # of the name that Ada gave herself
        assert "script" not in page.elements
    assert ada.get("/manage/nobody/nothing").status_code == 404
    assert ada.get("/manage/jobs/nothing").status_code == 404


def test_whoever_is_not_signed_in_is_asked_to_be_and_comes_back(place: Desk) -> None:
    nobody = place.nobody()
    for path in PAGES:
        asked = nobody.get(path, follow_redirects=False)
        assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={path.replace('/', '%2F')}")
    sent = nobody.post(f"{BUDGET}/publish", data={"csrf": "x"}, follow_redirects=False)
    assert sent.headers["location"].startswith("/sign-in?next=")


def test_a_form_works_though_its_access_token_has_ended_in_between(ada: Browser) -> None:
    csrf = word(ada.get("/manage/account").text)
    ada.cookies.delete("os_access")
    assert "/v1/identity/resume?next=" in ada.get("/manage", follow_redirects=False).headers["location"]
    sent = ada.post("/manage/account", data={"csrf": csrf, "title": "Ada <b>L</b>"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/manage/account?done=saved")
    assert "os_access" in ada.cookies
    assert "Saved." in ada.get("/manage/account?done=saved").text


def test_a_form_that_no_page_made_for_this_visitor_does_nothing(place: Desk, ada: Browser, bob: Browser) -> None:
    path = f"{place.dataset('guarded')}/publish"
    own, other = word(ada.get(path).text), word(bob.get("/manage/account").text)
    for data in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": other}):
        refused = ada.post(path, data={"a": "b", **data}, follow_redirects=False)
        assert (refused.status_code, "Nothing was done" in refused.text) == (403, True), data
    elsewhere = ada.post(path, data={"csrf": own}, headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
    assert elsewhere.status_code == 403
    assert ada.post(path, json={"csrf": own}).status_code == 403
    assert ada.post("/v1/datasets/ministry/guarded/publish").status_code == 403
    assert ada.get("/v1/datasets/ministry/guarded").json()["visibility"] == "private"


def test_a_dataset_is_shown_and_hidden(place: Desk, ada: Browser) -> None:
    path = place.dataset("shown")
    assert f"{path}/publish" in Reader(ada.get(path).text).links
    sent = send(ada, f"{path}/publish")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}?done=publish")
    page = ada.get(sent.headers["location"])
    assert "Everybody sees the dataset now." in page.text
    assert f"{path}/hide" in Reader(page.text).links
    assert place.nobody().get("/ministry/shown").status_code == 200
    assert send(ada, f"{path}/hide").headers["location"] == f"{path}?done=hide"
    assert place.nobody().get("/ministry/shown").status_code == 404
    assert "How much it is used" in page.text


def test_who_may_only_read_sees_no_button_and_may_press_none(bob: Browser) -> None:
    links = Reader(bob.get(BUDGET).text).links
    assert not [one for one in links if one.startswith(f"{BUDGET}/")]
    assert BUDGET in Reader(bob.get("/manage").text).links
    assert "a higher role than yours" in bob.get(f"{BUDGET}/publish").text
    csrf = word(bob.get("/manage/account").text)
    for kind in ("publish", "withdraw"):
        typed = {"reason": "x", "typed": "ministry/budget"}
        assert bob.post(f"{BUDGET}/{kind}", data={"csrf": csrf, **typed}).status_code == 403
    assert bob.post(f"{BUDGET}/about", data={"csrf": csrf, "title": "x"}).status_code == 403
    assert bob.get(f"{BUDGET}/people").status_code == 403
    assert bob.get("/manage/ministry/budget@1").status_code == 404


def test_an_address_is_changed_and_what_is_wrong_stands_beside_what_was_typed(place: Desk, ada: Browser) -> None:
    path = place.dataset("before")
    taken = send(ada, f"{path}/rename", {"owner": "ministry", "name": "budget"})
    assert (taken.status_code, 'value="budget"' in taken.text) == (409, True)
    assert "There is, or was, a dataset ministry/budget" in taken.text
    odd = send(ada, f"{path}/rename", {"owner": "ministry", "name": 'Bud"get'})
    assert odd.status_code == 400
    assert 'id="name-fault"' in odd.text
    assert "Bud&#34;get" in odd.text
    moved = send(ada, f"{path}/rename", {"owner": "ada", "name": "after"})
    assert moved.headers["location"] == "/manage/ada/after?done=rename"
    assert ada.get(path, follow_redirects=False).headers["location"] == "/manage/ada/after"


def test_a_dataset_is_withdrawn_by_who_types_its_address(place: Desk, ada: Browser) -> None:
    path = place.dataset("draft", public=True)
    refused = send(ada, f"{path}/withdraw", {"reason": "It was a <draft>.", "typed": "ministry/draught"})
    assert (refused.status_code, "It was a &lt;draft&gt;." in refused.text) == (422, True)
    assert 'id="typed-fault"' in refused.text
    done = send(ada, f"{path}/withdraw", {"reason": "It was a <draft>.", "typed": "ministry/draft"})
    assert done.headers["location"] == "/manage?done=withdraw"
    gone = ada.get(path)
    assert (gone.status_code, "It was a &lt;draft&gt;." in gone.text) == (410, True)
    listed = Reader(ada.get("/manage?q=draft").text)
    assert "withdrawn" in listed.text
    assert not [one for one in listed.links if one.startswith(path)]


def test_the_list_is_narrowed(place: Desk, ada: Browser) -> None:
    place.dataset("narrow-a")
    place.dataset("narrow-b", public=True)

    def names(query: str) -> set[str]:
        links = Reader(ada.get(f"/manage?q=narrow&{query}").text).links
        return {one.rpartition("/")[2] for one in links if one.startswith("/manage/ministry/narrow") and one[-2] == "-"}

    assert names("") == names("show=all&owner=ministry") == {"narrow-a", "narrow-b"}
    assert (names("show=public"), names("show=private")) == ({"narrow-b"}, {"narrow-a"})
    assert names("owner=ada") == set()
    assert names("owner=stranger") == {"narrow-a", "narrow-b"}
    assert "None of your datasets is like that." in ada.get("/manage?q=nothing-at-all").text
    of_ministry = Reader(ada.get("/manage?owner=ministry").text)
    assert {"/manage/account/organisations/ministry", "/ministry", "/import"} <= set(of_ministry.links)
    headers = {"X-CSRF-Token": ada.get("/v1/identity/me").json()["csrf"]}
    draft = {"owner": "ministry", "files": [{"url": "https://example.org/plan.csv"}]}
    begun = ada.post("/v1/drafts", json=draft, headers=headers)
    assert begun.status_code == 201, begun.text
    assert "go on with 1 import that was begun" in Reader(ada.get("/manage").text).text
    ada.delete(begun.headers["location"], headers=headers)


def test_what_is_on_its_way_is_said_to_be_and_cannot_be_sent_elsewhere(place: Desk, ada: Browser) -> None:
    path = place.dataset("moving-on", public=True)
    for kind in ("nothing that anybody does", "hide"):  # the second waits for the first
        place.parts.jobs.submit(kind, {}, account=None, owner="ministry", name="moving-on")
    for page in (ada.get("/manage?q=moving-on").text, ada.get(path).text):
        shown = Reader(page)
        assert "moving" in shown.text
        assert not {f"{path}/hide", f"{path}/rename", f"{path}/withdraw"} & set(shown.links)
        assert "/static/built/manage.js?" in page


def test_what_is_said_of_a_dataset_is_changed(place: Desk, ada: Browser) -> None:
    path = place.dataset("said")
    wrong = send(ada, f"{path}/about", {"revision": "1", "title": "Kept", "homepage": "javascript:alert(1)"})
    assert wrong.status_code == 400
    assert 'id="homepage-fault"' in wrong.text
    assert 'value="Kept"' in wrong.text
    fields = {
        "revision": "1",
        "title": "Said <anew>",
        "keywords": "roads, schools",
        "countryCode": "JP",
        "licenses.name": ["CC0-1.0", ""],
        "licenses.title": ["Zero", ""],
        "licenses.path": ["", ""],
    }
    assert send(ada, f"{path}/about", fields).headers["location"] == f"{path}?done=describe"
    told = ada.get("/v1/datasets/ministry/said").json()
    assert (told["title"], told["keywords"], told["revision"]) == ("Said <anew>", ["roads", "schools"], 2)
    assert (told["licences"], told["description"]) == ([{"name": "CC0-1.0", "title": "Zero"}], None)
    stale = send(ada, f"{path}/about", {**fields, "title": "Too late"})
    assert (stale.status_code, "Somebody made another revision" in stale.text) == (412, True)
    assert 'value="Too late"' in stale.text
    assert '<input type="hidden" name="revision" value="2">' in stale.text
    assert send(ada, f"{path}/about", {**fields, "revision": "2"}).headers["location"] == f"{path}?done=unchanged"


def test_a_dataset_is_shared(place: Desk, ada: Browser) -> None:
    path = f"{place.dataset('shared')}/people"
    unknown = send(ada, path, {"account": "nobody<x>", "role": "editor"})
    assert (unknown.status_code, 'id="account-fault"' in unknown.text) == (422, True)
    assert 'value="nobody&lt;x&gt;"' in unknown.text
    assert send(ada, path, {"account": "bob", "role": "editor"}).headers["location"] == f"{path}?done=shared"
    assert "/import?into=ministry/shared" in Reader(place.signed_in("bob").get("/manage").text).links
    assert f"{path}/bob/remove" in Reader(ada.get(path).text).links
    assert send(ada, f"{path}/bob/remove").headers["location"] == f"{path}?done=unshared"
    assert "With nobody." in ada.get(path).text
    record = Reader(ada.get(f"{path.removesuffix('people')}audit").text).text
    assert re.search(r"Share no more\s+ada\s", record)
    assert 'id="since-fault"' in ada.get(f"{path.removesuffix('people')}audit?since=soon").text


def test_a_webhook_tells_its_secret_once(place: Desk, ada: Browser) -> None:
    path = f"{place.dataset('hooked')}/webhooks"
    wrong = send(ada, path, {"url": "http://127.0.0.1/x"})
    assert (wrong.status_code, 'id="url-fault"' in wrong.text) == (400, True)
    made = send(ada, path, {"url": "https://example.org/hook", "events": ["publish", "hide"], "about": "owner"})
    assert (made.status_code, "whsec_" in made.text) == (201, True)
    assert "whsec_" not in ada.get(path).text
    (hook,) = [one for one in Reader(ada.get(path).text).links if "/webhooks/wh_" in one]
    assert "of all datasets of ministry" in ada.get(path).text
    assert ada.get(hook).status_code == 200
    sent = send(ada, hook, form=f"{hook}/test")
    assert sent.headers["location"] == f"{hook}?done=pinged"
    assert send(ada, hook, form=f"{hook}/test").status_code == 429
    assert send(ada, f"{hook}/delete").headers["location"] == f"{path}?done=unhooked"
    assert ada.get(hook).status_code == 404


def test_a_job_says_what_is_wrong_and_how_to_mend_it(ada: Browser, bob: Browser) -> None:
    asking = start_import(ada, "asking", BAD, answers={})
    questions = ended(ada, asking)["result"]["questions"]
    assert questions[0]["question"] in Reader(ada.get(f"/manage/jobs/{asking}").text).text
    job = start_import(ada, "broken", BAD, answers={"currency": "EUR", "column:Approved:role": "value"})
    ended(ada, job)
    shown = Reader(ada.get(f"/manage/jobs/{job}").text)
    assert "failed" in shown.text
    assert "x400" in shown.text
    assert f"/v1/jobs/{job}/marked/marked.xlsx" in shown.links
    assert "/manage/ministry/broken" not in shown.links
    listed = Reader(ada.get("/manage?q=broken").text)
    assert "not imported yet" in listed.text
    assert "failed" in listed.text
    assert listed.links.count(f"/manage/jobs/{job}") == 2  # what it was, and the next step
    assert "See what went wrong" in listed.text
    waiting = Reader(ada.get("/manage?show=waiting").text)
    assert {f"/manage/jobs/{job}", f"/manage/jobs/{asking}"} <= set(waiting.links)
    assert BUDGET not in waiting.links
    jobs = ada.get("/manage/jobs").text
    assert jobs.index("These wait for you") < jobs.index(f"/manage/jobs/{job}") < jobs.index("<table")
    assert "has questions" in Reader(jobs).text
    assert f"/manage/jobs/{job}" in Reader(ada.get("/manage/jobs?state=failed&owner=ministry&name=broken").text).links
    again = send(ada, f"/manage/jobs/{job}", form=f"/manage/jobs/{job}/retry")
    assert again.headers["location"] == f"/manage/jobs/{job}?done=retried"
    ended(ada, job)
    assert send(ada, f"/manage/jobs/{job}", form=f"/manage/jobs/{job}/retry").status_code == 303
    assert bob.get(f"/manage/jobs/{job}").status_code == 404


def test_a_job_that_goes_on_is_shown_anew_and_can_be_cancelled(place: Desk, ada: Browser) -> None:
    jobs = place.parts.jobs
    jobs.submit("nothing that anybody does", {}, account=None, owner="ministry", name="later")
    job = jobs.submit("import", {}, account=None, owner="ministry", name="later")  # waits for it
    page = ada.get(f"/manage/jobs/{job.id}")
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert "/static/built/manage.js?" in page.text
    done = send(ada, f"/manage/jobs/{job.id}", form=f"/manage/jobs/{job.id}/cancel")
    assert done.headers["location"] == f"/manage/jobs/{job.id}?done=cancelled"
    assert "cancelled" in Reader(ada.get(f"/manage/jobs/{job.id}").text).text


def test_usage_is_told_by_day_and_by_whom_with_exact_counts(place: Desk, ada: Browser) -> None:
    path = place.dataset("used", public=True)
    nobody = place.nobody()
    for agent, times in (("Mozilla/5.0 Firefox/140.0", 3), ("curl/8", 1), ("Googlebot/2.1", 2)):
        for _ in range(times):
            nobody.get("/v1/datasets/ministry/used", headers={"User-Agent": agent})
    shown = Reader(ada.get(path).text)
    assert "4 requests, bots aside: 3 by people, 1 by programs" in shown.text
    (csv,) = [one for one in shown.links if one.startswith("/v1/usage.csv?")]
    assert [line.split(",")[1] for line in ada.get(csv).text.splitlines()] == ['"calls"', "4"]
    longer = Reader(ada.get(f"{path}?days=365").text)
    assert "4 requests" in longer.text
    assert len(ada.get(f"{path}?days=365").text.split("<rect ")) == 366
    assert "4 requests" in Reader(ada.get(f"{path}?days=nonsense").text).text
    row = re.search(r"ministry/used.*?</tr>", ada.get("/manage/usage").text, re.DOTALL)
    assert row is not None
    assert [int(one) for one in re.findall(r'class="number">(\d+)<', row.group())] == [4, 3, 1, 0, 2]


def test_the_address_of_a_form_leads_to_its_page(ada: Browser) -> None:
    assert ada.get("/manage/account/tokens", follow_redirects=False).headers["location"] == "/manage/account"
    assert ada.get("/manage/account/organisations").url.path == "/manage/account"
    assert ada.get("/manage/account/sessions/x/end").url.path == "/manage/account"
    ministry = "/manage/account/organisations/ministry"
    assert ada.get(f"{ministry}/invitations/x/withdraw").url.path == ministry


def test_pages_speak_spanish_and_go_on_to(ada: Browser) -> None:
    page = ada.get("/manage/account?lang=es")
    assert "Tokens para robots" in page.text
    assert "/manage/jobs?lang=es" in Reader(page.text).links
    sent = send(ada, "/manage/account?lang=es", {"title": "Ada"})
    assert sent.headers["location"] == "/manage/account?done=saved&lang=es"
