"""How botocore is asked: one kind of client for all that obstore cannot do, and its errors as ours.

botocore itself repeats, with jittered back-off, what ended in 5xx, 429, “SlowDown”, a time-out or a broken connection;
nothing above it repeats once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from openspending.datastore.addresses import S3Access, endpoint_url
from openspending.errors import BadSettings, NotFound, StoreError

ATTEMPTS: Final = 6
_ABSENT: Final = frozenset({"NoSuchKey", "NoSuchUpload", "404", "NotFound"})
_REFUSED: Final = frozenset({"AccessDenied", "403", "Forbidden", "SignatureDoesNotMatch", "InvalidAccessKeyId"})


@lru_cache(maxsize=32)  # a client takes a tenth of a second to make, and keeps connections
def client_for(s3: S3Access, *, attempts: int = ATTEMPTS, public: bool = False) -> BaseClient:
    """A client that takes nothing from the environment. With `public` it signs for the name that browsers use.

    It is shared by all who ask for the same, also by threads. Raises BadSettings without keys.
    """
    if not s3.access_key or not s3.secret_key:
        raise BadSettings("Access key and secret key are needed for this.")
    endpoint = (s3.public_endpoint if public else None) or s3.endpoint
    return botocore.session.Session().create_client(
        "s3",
        region_name=s3.region,
        endpoint_url=endpoint_url(endpoint),
        aws_access_key_id=s3.access_key,
        aws_secret_access_key=s3.secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=5,
            read_timeout=s3.timeout,
            max_pool_connections=16,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            # checksums that Amazon's newest protocol adds unasked are unknown to most other servers
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            ignore_configured_endpoint_urls=True,
        ),
    )


@contextmanager
def plainly(doing: str) -> Iterator[None]:
    """Botocore's errors as ours: NotFound, else StoreError. Its messages are left out; they may tell of credentials."""
    try:
        yield
    except ClientError as error:
        reason = code_of(error)
        if reason in _ABSENT:
            raise NotFound(f"The S3 server could not {doing}: there is no such thing ({reason}).") from error
        if reason in _REFUSED:
            raise StoreError(f"The S3 server does not let these credentials {doing} ({reason}).") from error
        raise StoreError(f"The S3 server could not {doing}: {reason}.") from error
    except BotoCoreError as error:
        raise StoreError(f"The S3 server cannot be used to {doing}: {type(error).__name__}.") from error


def code_of(error: ClientError) -> str:
    """What the server calls the error, such as “NoSuchBucket”."""
    found: Any = error.response.get("Error", {}).get("Code", "unknown")
    return str(found)
