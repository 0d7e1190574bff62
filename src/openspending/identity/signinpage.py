"""The page `/sign-in`: the issuer's button, and the form for the code of a one-time link.

It is whole in itself: no script and no style but those in it and our style sheet may run. The script reads the code
from the fragment and takes it out of the address; nothing is sent before somebody presses the button, since programs
that look at links in e-mails would use it up.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from string import Template
from typing import Final
from urllib.parse import quote

_STYLE: Final = """
.sign-in { max-width: 26rem; margin: 3rem auto 0; }
.sign-in form { display: grid; gap: .6rem; margin-top: 1rem; }
.sign-in label { font-weight: 600; }
.sign-in input { width: 100%; padding: .6rem .7rem; border: 1px solid var(--line, #767676); border-radius: 6px;
  background: var(--paper, #fff); color: inherit; font: inherit; }
.sign-in button, .sign-in .button { display: block; width: 100%; padding: .65rem 1rem; border: 0; border-radius: 6px;
  background: var(--accent, #0a6b62); color: var(--card, #fff); font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer; }
.sign-in .said { min-height: 1.5em; margin: 0; color: var(--minus, #b4472f); }
"""
_SCRIPT: Final = """
const form = document.forms[0], code = form.elements.code, said = document.querySelector(".said");
const bare = text => text.trim().replace(/^.*#code=/, "");
const take = () => {
  const given = new URLSearchParams(location.hash.slice(1)).get("code");
  history.replaceState(null, "", location.pathname + location.search);
  if (given) { code.value = given; form.querySelector("button").focus(); }
};
take();
addEventListener("hashchange", take);
form.addEventListener("submit", async event => {
  event.preventDefault();
  said.textContent = "";
  const body = JSON.stringify({ code: bare(code.value), next: form.elements.next.value });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const told = await answer.json();
    if (answer.ok) location.assign(told.next); else said.textContent = told.detail;
  } catch { said.textContent = form.dataset.silent; }
});
"""
_PAGE: Final = Template(
    """<!doctype html>
<html lang="$language">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>$title – OpenSpending</title>
  <link rel="stylesheet" href="/static/openspending.css">
  <style>$style</style>
</head>
<body>
  <a class="skip" href="#content">$skip</a>
  <header class="site">
    <div class="wide"><a class="brand" href="/"><span class="mark" aria-hidden="true"></span>OpenSpending</a></div>
  </header>
  <main id="content" class="wide">
    <section class="panel sign-in">
      <h1>$title</h1>
      $issuer
      <form method="post" action="/v1/identity/sign-in" data-silent="$silent">
        <label for="code">$code</label>
        <input id="code" name="code" required autocomplete="off" autocapitalize="none" spellcheck="false">
        <input type="hidden" name="next" value="$next">
        <button type="submit">$button</button>
        <p class="said" role="alert">$problem</p>
      </form>
      <p class="quiet">$hint</p>
    </section>
  </main>
  <script>$script</script>
</body>
</html>
"""
)


def _allowed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'self' {_allowed(_STYLE)}; script-src {_allowed(_SCRIPT)}; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(words: Mapping[str, str], *, issuer: str | None, then: str, problem: str = "") -> bytes:
    """The page in these words. `issuer` is what its button calls the issuer, `then` the local path to go to next."""
    button = ""
    if issuer is not None:
        address = f"/v1/identity/oidc/start?next={quote(then, safe='')}"
        button = f'<p><a class="button" href="{escape(address)}">{escape(words["by"].format(issuer=issuer))}</a></p>'
    said = {name: escape(one) for name, one in words.items()}
    said |= {"issuer": button, "next": escape(then), "problem": escape(problem)}
    return _PAGE.substitute(said, style=_STYLE, script=_SCRIPT).encode()
