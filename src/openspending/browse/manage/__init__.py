"""`/manage…`: what signed-in people do with their datasets, jobs, tokens and organisations. Forms without scripts, and
a client of the APIs as all pages are.

routes   which path is which page
listing  all datasets of somebody
nextstep … and what they wait for
usage    how much they are used
dataset  one of them
moving   … published, hidden, withdrawn, renamed
about    … what is said of it
people   … with whom it is shared
hooks    … who is told of it
record   … who did what
jobs     jobs
account  the account, and tokens
sessions where one is signed in
organisations members
invitations   … who was invited
"""

from __future__ import annotations

from openspending.browse.manage.routes import routes

__all__ = ["routes"]
