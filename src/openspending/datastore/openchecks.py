"""What strangers and browsers must be able to do with each bucket, and what they must not."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from botocore.exceptions import ClientError

from openspending.datastore import bucket as preparing
from openspending.datastore.findings import Check, Wrong, as_json
from openspending.datastore.s3 import code_of
from openspending.datastore.s3checks import BYTES, INIT, Place, probe
from openspending.datastore.strangers import ORIGIN, Answer, ask, may, send
from openspending.errors import StoreError

OTHER: Final = b"OpenSpending looks whether that works.\n"  # as many bytes
SENT: Final = "content-md5,content-type"
EXPOSED: Final = ("ETag", "Content-Range", "Content-Length")


def _is_readable(place: Place) -> None:
    with probe(place) as key:
        answer = ask("GET", place.url_of(key))
        if answer.status != 200:
            statement = as_json(preparing.public_statement(place.signer.bucket, place.signer.prefix))
            remedy = f"{INIT} — or add this statement to the bucket's policy: {statement}"
            raise Wrong(f"Strangers cannot read its objects (answer {answer.status}).", remedy)


def _is_closed(place: Place) -> None:
    bucket = place.signer.bucket
    for opening in _openings(place):
        mend = f"aws s3api put-bucket-acl --bucket {bucket} --acl private" if opening == "its ACL" else ""
        raise Wrong(
            f"It should be private, but {opening} lets anyone in.", mend or f"Take that out of the policy of {bucket}."
        )
    with probe(place) as key:
        url = place.url_of(key)
        for what, where in (("read", url), ("list", f"{url.removesuffix(_path(place, key))}?list-type=2&max-keys=1")):
            answer = ask("GET", where)
            if answer.status < 400:
                raise Wrong(f"Strangers can {what} its objects.", f"See what policy or setting opens {bucket}.")


def _path(place: Place, key: str) -> str:
    return f"{place.signer.prefix}/{key}" if place.signer.prefix else key


def _openings(place: Place) -> list[str]:
    """What its policy and ACL say; [] where these keys may not ask."""
    try:
        return preparing.openings(place.client, place.signer.bucket)
    except ClientError as error:
        if code_of(error) in ("AccessDenied", "NotImplemented", "MethodNotAllowed"):
            return []
        raise StoreError(f"The server does not tell its policy ({code_of(error)}).") from error


def _refuses_strangers(place: Place) -> None:
    with probe(place, there=False) as key:
        url = place.url_of(key)
        answers = {"put": ask("PUT", url, body=BYTES), "delete": ask("DELETE", url)}
        for what, answer in answers.items():
            if answer.status < 400:
                raise Wrong(
                    f"Strangers can {what} objects.",
                    f"Take s3:{what.capitalize()}Object for “*” out of its policy and ACL.",
                )


def _holds_to_signatures(place: Place) -> None:
    digest = base64.b64encode(hashlib.md5(BYTES, usedforsecurity=False).digest()).decode()
    with probe(place, there=False) as key:
        signed = place.signer.put(key, size=len(BYTES), md5=digest, content_type="text/csv", seconds=60)
        refusable = {
            "bytes of another MD5": send(signed, OTHER),
            "more bytes than were signed": send(signed, BYTES + b"\n", **{"Content-Length": str(len(BYTES) + 1)}),
            "another content type": send(signed, BYTES, **{"Content-Type": "text/html"}),
        }
        for what, answer in refusable.items():
            if answer.status < 400:
                remedy = "Use an S3 server that checks Signature V4 and Content-MD5."
                raise Wrong(f"With a signed URL the server also takes {what}.", remedy)
        answer = send(signed, BYTES)
        if answer.status != 200:
            remedy = "See that OS_S3_PUBLIC_HOSTNAME is what the server itself takes for its name."
            raise Wrong(f"The server refuses what was signed (answer {answer.status}).", remedy)


def _answers_browsers(place: Place) -> None:
    with probe(place) as key:
        url = place.url_of(key)
        for method, headers in (("GET", "range"), ("PUT", SENT)):
            answer = may(url, method, headers)
            if not _lets_in(answer, method, headers):
                raise Wrong(f"It does not let web pages {method} (preflight answered {answer.status}).")
        signed = place.signer.get(key, seconds=60)
        answer = ask("GET", signed.url, {"Origin": ORIGIN, "Range": "bytes=0-3"})
        hidden = [one for one in EXPOSED if one.lower() not in answer.listed("access-control-expose-headers")]
        if hidden:
            raise Wrong(f"It does not let web pages see {', '.join(hidden)}.")


def _lets_in(answer: Answer, method: str, headers: str) -> bool:
    origin = answer.headers.get("access-control-allow-origin")
    methods, allowed = (answer.listed(f"access-control-allow-{name}") for name in ("methods", "headers"))
    return (
        answer.status < 300
        and origin in ("*", ORIGIN)
        and method.lower() in methods
        and ("*" in allowed or set(headers.split(",")) <= allowed)
    )


def _cors(place: Place) -> str:
    rules = as_json({"CORSRules": [dict(preparing.CORS_RULE)]})
    return f"{INIT} — or aws s3api put-bucket-cors --bucket {place.signer.bucket} --cors-configuration '{rules}'"


READABLE: Final = Check("strangers read", "Anyone may read its objects.", _is_readable)
CLOSED: Final = Check("strangers read", "Nobody may read or list it without keys.", _is_closed)
BROWSERS: Final = (
    Check("strangers write", "Nobody may put or delete without keys.", _refuses_strangers),
    Check("signed put", "It takes the signed bytes, and no others.", _holds_to_signatures),
    Check("CORS", "Web pages may GET and PUT, and see what they need.", _answers_browsers, _cors),
)
