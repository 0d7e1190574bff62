"""The Write API (OSEP-1): uploads, imports, commits, and what becomes of a dataset.

routing      all routes
handlers     all jobs
service      what routes and jobs work with
permitted    who may send files, see uploads and jobs
entering     how the routes of one dataset are entered
asking       parameters of addresses
answers      how answers look
preconditions If-Match
repeats      Idempotency-Key
auditing     what is recorded of every write

uploadroutes announcing, sending and completing uploads
uploads      … as the database has them
staging      … and their bytes
receiving    bytes that come through this API
quota        what an owner keeps
sweeping     what nobody needs any more

draftroutes  imports that somebody writes step by step
drafts       … as the database has them
typeroutes   what columns can mean

importroutes asking for an import
importwish   what is to be imported
submitting   a job for the actor of a request
importjob    the job that imports
tried        what a dry one tells
markedfiles  the marked copy of what it refused
working      what jobs have in common

jobroutes    what jobs do and did
jobsaid      a job as JSON

datasetroutes what is said of a dataset, whom it is shared with, links to its files
properties   what can be said of a dataset
describejob  the job that makes a revision of it
linking      links to stored files
movingroutes publishing, hiding, withdrawing, renaming
moves        … by jobs

viewroutes   saving views
clients      … not too often

schema       the tables
"""

from openspending.write_api.handlers import handlers
from openspending.write_api.routing import router
from openspending.write_api.service import Limits, Writing
from openspending.write_api.sweeping import sweep

__all__ = ["Limits", "Writing", "handlers", "router", "sweep"]
