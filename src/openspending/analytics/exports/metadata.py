"""What is said of a table and its columns, as the binary formats keep it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from openspending.analytics.exports.options import Options
from openspending.analytics.exports.table import Table
from openspending.speaking.said import in_english


def file_metadata(table: Table, options: Options) -> Mapping[str, str]:
    """`columns` and `meta`, each as JSON."""
    columns = {one.name: one.described() for one in table.columns}
    return {
        "columns": msgspec.json.encode(columns).decode(),
        "meta": msgspec.json.encode(dict(options.meta), enc_hook=in_english).decode(),
    }
