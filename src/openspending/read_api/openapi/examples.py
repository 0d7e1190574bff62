"""True answers to the example requests of `operations`, which `docs/examples.py` gets from the demo packages."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

# By the id of the operation.
EXAMPLES: Final[dict[str, Any]] = json.loads((files(__package__) / "examples.json").read_text(encoding="utf-8"))
