"""Words of the APIs as people read them: states, kinds of jobs, roles; times and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from openspending.browse.languages import gettext as _


def state_words(state: str) -> str:
    """The state of a dataset, or of a job."""
    known = {
        "public": _("public"),
        "private": _("private"),
        "withdrawn": _("withdrawn"),
        "moving": _("moving"),
        "none": _("not imported yet"),
        "asking": _("has questions"),
        "queued": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
        "waiting": _("waiting"),
        "delivered": _("delivered"),
        "dropped": _("dropped"),
    }
    return known.get(state, state)


def kind_words(kind: str) -> str:
    """What a job does."""
    known = {
        "import": _("Import"),
        "describe": _("Change the description"),
        "publish": _("Publish"),
        "hide": _("Hide"),
        "withdraw": _("Withdraw"),
        "rename": _("Rename"),
        "deliver": _("Message to a webhook"),
    }
    return known.get(kind, kind)


def deed_words(action: str) -> str:
    """What somebody did, in the audit log."""
    known = {
        "share": _("Share"),
        "unshare": _("Share no more"),
        "upload": _("Upload"),
        "delete-upload": _("Delete an upload"),
        "link": _("Link to a file"),
        "move": _("Move"),
    }
    return known.get(action) or kind_words(action)


def detail_words(key: str) -> str:
    """What a detail of the audit log is called."""
    known = {
        "job": _("job"),
        "files": _("files"),
        "publish": _("publish at once"),
        "properties": _("properties"),
        "account": _("account"),
        "role": _("role"),
        "reason": _("reason"),
        "path": _("path"),
        "seconds": _("seconds"),
    }
    return known.get(key, key)


def role_words(role: str) -> str:
    """A role, and what it may do."""
    known = {
        "viewer": _("viewer: reads what is private"),
        "editor": _("editor: imports too"),
        "publisher": _("publisher: shows and hides too"),
        "admin": _("admin: does everything"),
    }
    return known.get(role, role)


def device_words(session: Mapping[str, Any]) -> str:
    """The browser of a session."""
    browser, system = session["browser"], session["system"]
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return str(browser or system or _("A browser that is not known"))


def action_words(action: str) -> str:
    """What a robot's token may do."""
    known = {
        "read": _("read"),
        "import": _("import"),
        "publish": _("publish and hide"),
        "administer": _("administer"),
    }
    return known.get(action, action)


def manage_path(owner: str, name: str, rest: str = "") -> str:
    """The page on which a dataset is managed, or one below it."""
    return f"/manage/{quote(owner, safe='@+')}/{quote(name, safe='')}" + (f"/{rest}" if rest else "")


def api_path(owner: str, name: str, rest: str = "") -> str:
    """The path of a dataset in the API, or one below it."""
    return f"/v1/datasets/{quote(owner, safe='@+')}/{quote(name, safe='')}" + (f"/{rest}" if rest else "")


def page_path(owner: str, name: str) -> str:
    """The dataset's own page."""
    return f"/{quote(owner, safe='@+')}/{quote(name, safe='')}"


def share_done(job: Mapping[str, Any]) -> int | None:
    """How much of a job is done, in whole percent; None where nobody knows."""
    progress = job.get("progress") or {}
    done, total = progress.get("done"), progress.get("total")
    if not isinstance(total, int) or not isinstance(done, int) or total <= 0:
        return None
    return min(100, done * 100 // total)
