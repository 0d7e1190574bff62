"""After signing in one is at a page of ours, whatever the address of the page asked for."""

from __future__ import annotations

import pytest

from openspending.identity.localpaths import local_path

NASTY = (
    "",
    None,
    "evil.example.org",
    "//evil.example.org",
    "///evil.example.org",
    "////evil.example.org/%2e%2e",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "/\\/evil.example.org",
    "/a//evil.example.org",
    "https://evil.example.org",
    "https:evil.example.org",
    "HTTPS:/evil.example.org",
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example.org",
    "\t//evil.example.org",
    "/\t/evil.example.org",
    "/\n/evil.example.org",
    "/\r\nSet-Cookie: a=b",
    "/a\r\nLocation: https://evil.example.org",
    "/%0d%0aLocation:%20https://evil.example.org",
    "/%2f/evil.example.org",
    "/%2fevil.example.org",
    "/%5cevil.example.org",
    "/%252fevil.example.org",
    "/%09/evil.example.org",
    "/\u2028/evil.example.org",
    "/\uff0fevil.example.org",
    "/é",
    "/\x00",
    "?next=/a",
    "#a",
    "@evil.example.org",
    ".evil.example.org",
    ":80",
    "/" + "a" * 3000,
)


@pytest.mark.parametrize("text", NASTY)
def test_what_may_lead_elsewhere_leads_to_the_front_page(text: str | None) -> None:
    assert local_path(text) == "/"


@pytest.mark.parametrize(
    "text",
    ["/", "/a", "/ministry/budget@2?cut=a:b|c:%22d%22&x=1#y", "/@evil.example.org", "/a?u=https://b.example.org/"],
)
def test_a_path_of_ours_stays_as_it_is(text: str) -> None:
    assert local_path(text) == text
