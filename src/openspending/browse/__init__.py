"""Browse & Search (OSEP-1): the basic pages. A client of the APIs, without privileges.

pages    the routes
viewroutes … of views and members
saving   … of saved views
saved    what has become of one
answering what routes of pages share
rendering templates, and what all pages have
visitors who asks
failing  pages that cannot be made
languages the language of a page
locales  … its numbers, dates, and names of the world
built    scripts
sheets   style sheets
signedin what pages for people who have signed in share: a package of its own
manage   … those of /manage: a package of its own
listing  lists of datasets
recent   what happened lately
dataset  the page of one
member   the page of one of its members
totals   its tables
choices  what is chosen from on it, not added up
controls its control totals
fact     the page of one fact, and its row in the publisher's file
sought   what a search page was asked for
searchpage  … and what it shows
hits     … of lines and datasets
marking  … with the words that were asked for
money    … with their totals
narrowed … and facets
words    a descriptor's properties in words
fresh    which pages a browser has already
"""

from __future__ import annotations

from openspending.browse import failing, languages, manage, pages, wizard
from openspending.client import Client
from openspending.webapp import Router


def routes(client: Client) -> list[Router]:
    """The pages, in their readers' languages."""
    handlers = [*pages.routes(client), *manage.routes(client), *wizard.routes(client)]
    failed = dict(failing.HANDLERS)
    return [Router("/", route_handlers=handlers, before_request=languages.listen, exception_handlers=failed)]
