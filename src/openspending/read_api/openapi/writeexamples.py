"""Example requests to the Write API, and answers to them."""

from __future__ import annotations

from typing import Any, Final

_SHA256: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_UPLOAD: Final = "8f14e45fceea467a9f2c3b1d5e6a7b8c"
_JOB: Final = "06612f67aff2ce8151b2f3b92a7e21"

REQUESTS: Final[dict[str, Any]] = {
    "announceUpload": {"owner": "treasury", "filename": "budget-2026.csv", "size": 48213, "sha256": _SHA256},
    "addressParts": {"numbers": [1, 2, 3]},
    "startImport": {
        "owner": "treasury",
        "name": "budget",
        "files": [{"upload": _UPLOAD}],
        "answers": {"currency": "EUR"},
        "properties": {"title": "Budget of Examplia"},
        "message": "The budget of 2026",
    },
    "beginDraft": {"owner": "treasury", "name": "budget", "files": [{"upload": _UPLOAD}]},
    "writeDraft": {"answers": {"currency": "EUR"}, "notes": {"job": _JOB}},
    "editDataset": {"title": "Budget of Examplia", "licenses": [{"name": "CC-BY-4.0"}], "homepage": None},
    "withdrawDataset": {"reason": "It named minors; a corrected edition will follow."},
    "renameDataset": {"name": "budget-of-the-state"},
    "shareDataset": {"role": "editor"},
    "linkFile": {"path": "datapackage.json", "seconds": 600},
}

_MADE: Final = "2026-11-26T15:00:00.000Z"
ANSWERS: Final[dict[str, Any]] = {
    "announceUpload": {
        "id": _UPLOAD,
        "owner": "treasury",
        "filename": "budget-2026.csv",
        "content_type": "application/octet-stream",
        "size": 48213,
        "sha256": _SHA256,
        "state": "open",
        "created": _MADE,
        "expires": "2026-11-27T15:00:00.000Z",
        "parts": {
            "size": 67108864,
            "count": 1,
            "arrived": [],
            "send": {
                "number": 1,
                "size": 48213,
                "method": "PUT",
                "url": f"/v1/uploads/{_UPLOAD}/parts/1",
                "headers": {"Content-Length": "48213"},
            },
        },
        "links": {
            "self": f"/v1/uploads/{_UPLOAD}",
            "parts": f"/v1/uploads/{_UPLOAD}/parts",
            "complete": f"/v1/uploads/{_UPLOAD}/complete",
        },
    },
    "startImport": {
        "id": _JOB,
        "kind": "import",
        "state": "queued",
        "owner": "treasury",
        "name": "budget",
        "account": "acc_anna",
        "created": _MADE,
        "started": None,
        "finished": None,
        "attempts": 0,
        "progress": {"done": 0, "total": None, "stage": ""},
        "result": None,
        "error": None,
        "problems": [],
        "marked": [],
        "links": {
            "self": f"/v1/jobs/{_JOB}",
            "log": f"/v1/jobs/{_JOB}/log",
            "cancel": f"/v1/jobs/{_JOB}/cancel",
            "dataset": "/v1/datasets/treasury/budget",
        },
    },
    "linkFile": {"url": "/data/treasury/budget/datapackage.json", "signed": False, "expires": None, "bytes": 4096},
}
