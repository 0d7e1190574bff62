"""The Read API (OSEP-1): aggregates, facts, members, models, packages and files over HTTP, for everybody.

application    one ASGI application of all routes
files          `/data`, the public store
openapi        the OpenAPI document
discovery      where programs look for it

door           who may ask for which dataset
api            what routes answer from

v1             `/v1`, the routes that ask facts
datasetroutes  … and those that do not
addressing     the path of a dataset
asked          what a request asks
aggregate      sums, each with its facts
facts          facts by the page, or all
members        members of a dimension
compare        two sums side by side
compareanswer  … as the answer has them
receipts       what an aggregate states, to be verified
lineage        one fact, and the file that it came from
documents      … as one JSON document
datasets       what belongs to one
listing        the list of all
changes        the changelog
feed           … by the page
changefeed     … as a feed
syndication    feeds, whatever they tell of
atom           … as Atom
jsonfeed       … as JSON Feed
described      what answers say of themselves
cursors        where the next page begins
respond        304, cache, format, headers
resultcache    answers that were given before

searchroutes   `/v1/search`, `/v1/search/lines`, `/v1/suggest`
searchasked    … what they ask
searchanswers  … what they answer
searchfeeds    … as feeds

savedviews     `/v1/views`

adhoc          `/v1/sql`
adhoctables    … which tables it knows
adhocdocs      … in the OpenAPI document

babbage        `/api/3`, the cubes
parameters     its query parameters
answers        its bodies

usage          `/v1/usage`
measuring      every request counted
metrics        `/metrics`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openspending.read_api.application import app, composed, refused, routes

__all__ = ["app", "composed", "refused", "routes"]


def __getattr__(name: str) -> Any:
    """The application's functions, imported when they are asked for: processes without the Read API need of this
    folder only how requests are measured, and none of its engines."""
    if name not in __all__:
        raise AttributeError(name)
    from openspending.read_api import application

    return getattr(application, name)
