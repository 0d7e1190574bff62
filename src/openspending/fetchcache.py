"""Files fetched before are asked for again by what their server said of them: what has not changed is not sent twice.

The cache is a folder of bytes and what identifies them; it may be deleted at any time. It holds no URL, which might
hold a secret, only its hash.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openspending.fetch import Fetcher, Validators


@dataclass(frozen=True, slots=True)
class CachedFetcher:
    """Called as `fetcher(url, path)`; returns the file name that the server gives, if any. Raises Unreachable."""

    folder: Path
    fetcher: Fetcher

    def __call__(self, url: str, path: Path) -> str | None:
        """Write what is at `url` to `path`, from the cache where the server says that it is still the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stem = self.folder / hashlib.sha256(url.encode()).hexdigest()
        kept, said = stem.with_suffix(".bytes"), stem.with_suffix(".json")
        known = _read(said, kept)
        found = self.fetcher.fetch(url, path, None if known is None else Validators(known["etag"], known["modified"]))
        if not found.changed and known is not None:
            shutil.copyfile(kept, path)
            name: str | None = known["name"]
            return name
        if found.etag or found.last_modified:
            shutil.copyfile(path, kept)
            content = {"etag": found.etag, "modified": found.last_modified, "name": found.name, "sha256": found.sha256}
            said.write_text(json.dumps(content), encoding="utf-8")
        return found.name


def _read(said: Path, kept: Path) -> dict[str, Any] | None:
    """What is known of cached bytes, if they are still those."""
    try:
        content = json.loads(said.read_text(encoding="utf-8"))
        with kept.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
    wanted = {"etag", "modified", "name", "sha256"}
    return content if isinstance(content, dict) and wanted <= content.keys() and digest == content["sha256"] else None
