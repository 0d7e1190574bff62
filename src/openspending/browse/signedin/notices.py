"""What pages say after something was done: the address has a word of ours, never a sentence of somebody's."""

from __future__ import annotations

from openspending.browse.languages import gettext as _


def notice(done: str) -> str:
    """The sentence for a word in the address; "" for others."""
    return _known().get(done, "")


def _known() -> dict[str, str]:
    return {
        "publish": _("Everybody sees the dataset now."),
        "hide": _("Only the people of its owner see the dataset now."),
        "withdraw": _("The dataset is withdrawn."),
        "rename": _("The dataset has another address now; the old one leads here."),
        "describe": _("The description is changed. It is a new revision."),
        "unchanged": _("Nothing was changed."),
        "shared": _("The dataset is shared. It reaches the person within ten minutes."),
        "unshared": _("The dataset is shared with that person no more, within ten minutes."),
        "hooked": _("The webhook is made."),
        "unhooked": _("The webhook is deleted."),
        "pinged": _("A test message is on its way; what came of it is told here soon."),
        "cancelled": _("The job is cancelled, or will be at its next step."),
        "retried": _("The job is queued again."),
        "saved": _("Saved."),
        "revoked": _("The token is revoked; nobody can use it any more."),
        "ended": _("Signed out there."),
        "uninvited": _("The invitation is withdrawn; its link holds no more."),
        "organised": _("The organisation is made. You are its admin."),
        "member": _("The role is changed. It reaches the person within ten minutes."),
        "unmember": _("The person is no member any more, within ten minutes."),
    }
