"""The conductor of the original, for its old clients: `/user`, `/oauth`, `/datastore`, `/package`, `/search`.

It speaks the original's words, and hands all work to Identity, the Write API and its jobs (docs/api/conductor.md).

routing           all routes
service           what they work with
sent              tokens, taken out of requests before anybody else looks
permissiontokens  the tokens of the original, made and understood
identifying       who a request is for
asking            parameters, and JSON or JSONP in return

userroutes        who one is, and what one may do
oauthroutes       signing in, and back to the client
nextaddress       … which has to be one of ours, or on the same machine

datastoreroutes   upload URLs, and files that come through this API
filedata          what is announced of files
staged            where they are until they are loaded
putsignatures     signatures of PUTs
addresses         what the URL of a file names

packageroutes     loading packages, and how that is going
changeroutes      publishing, deleting
moving            … done by jobs that requests wait for
loading           the job that loads a package
statuses          jobs in the words of the original

searchroutes      finding packages
documents         packages as documents
pending           packages that are not loaded yet
matching          which of them a search finds
"""

from openspending.conductor.loading import with_staged
from openspending.conductor.routing import router
from openspending.conductor.sent import Sent
from openspending.conductor.service import Conductor

__all__ = ["Conductor", "Sent", "router", "with_staged"]
