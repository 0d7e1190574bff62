"""The path of a dataset in `/v1`, and what its parts mean."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import HttpMethod
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation

from openspending.read_api.api import Api

GET: Final = (HttpMethod.GET, HttpMethod.HEAD)
DATASET: Final = "/datasets/{owner:str}/{name:str}"

Injected = NamedDependency[SkipValidation[Api]]
Owner = Annotated[str, PathParameter(description="The owner of a dataset.")]
Name = Annotated[
    str,
    PathParameter(
        description="The name of a dataset, alone for its newest revision, or with a version after “@”: the number of "
        "a revision, a day (YYYY-MM-DD, UTC) or the hash of a revision (`sha256:…`)."
    ),
]
Ref = Annotated[str, PathParameter(description="A dimension or an attribute, such as `func` or `func.code`.")]
Kind = Annotated[str, PathParameter(description="The name of a kind of problem, such as `bad-query`.")]
