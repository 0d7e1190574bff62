"""“Use this” of a private dataset: code that sends a token, and nothing that could send none."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.browse.managing import BASE, Browser, Desk

pytestmark = pytest.mark.slow

PAGES = ("/ministry/budget", "/ministry/budget/view?chart=bar&group=category_2")


@pytest.mark.parametrize("path", PAGES)
def test_code_for_a_private_dataset_sends_a_token(place: Desk, ada: Browser, path: str) -> None:
    text = ada.get(path).text
    found = re.findall(r'id="use-(\w+)"[^>]*><code>(.*?)</code>', text, re.DOTALL)
    snippets = {name: unescape(code) for name, code in found}
    assert set(snippets) == {"url", "api", "curl", "python", "r"}
    assert "openspending-chart.js" not in text
    assert "/embed/" not in text
    (curl,) = re.findall(r"""curl -sg -H "Authorization: Bearer \$TOKEN" '?([^']+)'?""", snippets["curl"])
    made = ada.post(
        "/v1/identity/tokens",
        json={"title": "reader", "scopes": [{"actions": ["read"], "datasets": "ministry/*"}], "days": 7},
        headers=_proof(ada),
    )
    assert made.status_code == 201, made.text
    token = {"Authorization": f"Bearer {made.json()['secret']}"}
    asked = curl.removeprefix(BASE)
    assert place.nobody().get(asked).status_code == 404
    assert place.nobody().get(asked, headers=token).text.startswith('"category_2.')
    compile(snippets["python"], "python", "exec")


def _proof(browser: Browser) -> dict[str, str]:
    return {"X-CSRF-Token": browser.get("/v1/identity/me").json()["csrf"]}
