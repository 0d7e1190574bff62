"""The OpenAPI document of the Read API: complete, with true examples (docs/http-api.md).

document            the whole, from the paths that the framework knows
operations          `/v1`, operation by operation
babbageoperations   `/api/3`, with its schemas
serveroperations    files, health, figures
feedoperations      changelogs as Atom feeds
searchoperations    search
searchschemas       … what it answers
writeoperation      how an operation of the Write API is described
writeoperations     uploads, jobs, and what becomes of datasets
writeschemas        … what they take and answer
writeexamples       … examples of both
viewoperations      saved views, with their schemas
webhookoperations   webhooks, with their schemas
identityoperations  signing in, accounts, tokens, organisations
identityschemas     … and their schemas
conductoroperations what old clients write with
conductorschemas    … what it takes and answers
parameters          what each parameter means
responses           answers and refusals, headers
resultschemas       answers that come of facts
comparisonschemas   … of two sums
lineageschemas      … of one fact
datasetschemas      answers that need no facts
queryschemas        queries in a body
examples            example requests with their answers
shapes              JSON Schemas in few words
"""

from __future__ import annotations

from openspending.read_api.openapi.document import completed

__all__ = ["completed"]
