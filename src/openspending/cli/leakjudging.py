"""What an answer tells that it must not: beside the answer about what never was, and by the words that are in it."""

from __future__ import annotations

from collections.abc import Sequence

from openspending.cli.leakasking import Answer, Request
from openspending.cli.leakscene import REASON, Subject


def as_twin(text: str, subject: Subject) -> str:
    """`text` about the twin instead: both parts of the address, wherever they stand."""
    owner, name = subject.twin
    return text.replace(subject.name, name).replace(subject.owner, owner)


def difference(answer: Answer, other: Answer, subject: Subject, *, echoed: bool = False) -> str | None:
    """How an answer differs from that to the same question about what never was, but for the name. `echoed`: the
    question is part of the answer, of whose bytes the ETag is a hash."""
    if answer.status != other.status:
        return f"{answer.status}, where what never was has {other.status}"
    mine = {name: as_twin(value, subject) for name, value in answer.headers.items()}
    theirs = {name: as_twin(value, subject) for name, value in other.headers.items()}
    if echoed:
        mine["etag"] = theirs["etag"] = ""
    if mine != theirs:
        names = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        return f"another {', '.join(names)} than what never was"
    bodies = [as_twin(one.body.decode("latin-1"), subject) for one in (answer, other)]
    if bodies[0] != bodies[1]:
        return "another body than what never was"
    return None


def heard(answer: Answer, words: Sequence[str]) -> str | None:
    """Which of the words is in an answer."""
    found = next((one for one in words if one.encode() in answer.all), None)
    return None if found is None else f"“{found}” is in the answer"


def of_dataset(request: Request) -> bool:
    """Whether the path of a request names a dataset."""
    return "{name}" in request.template or request.template == "/data/{path}"


def of_withdrawn(request: Request, answer: Answer) -> str | None:
    """What is wrong with an answer about a withdrawn dataset."""
    if answer.status in {200, 206, 304}:
        return f"{answer.status} of what was withdrawn" if of_dataset(request) else None
    reading = request.method == "GET" and answer.status == 410
    if reading and REASON.encode() not in answer.body:
        return "410 without the reason"
    return None


def closed(answer: Answer) -> bool:
    """Whether caches must not keep the answer for others."""
    varies = answer.headers.get("vary", "").lower()
    return "no-store" in answer.headers.get("cache-control", "") and "authorization" in varies
