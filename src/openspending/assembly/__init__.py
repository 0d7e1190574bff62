"""The composition root: settings → opened parts → one process, which runs some components or all of them.

parts       what components share, each opened when it is first needed
components  which components there are, and the routes of each
identifying who asks
composed    … as one ASGI application
working     the worker, which does jobs
following   the follower, which does what has to be done from time to time
checking    whether the stores and the database are there
health      … told while a process runs
doctor      … with all else that an installation needs, and what mends it

What a module composes is imported when it is asked for: commands that need only the store start faster so.
"""

from __future__ import annotations

from openspending.assembly.checking import check
from openspending.assembly.components import COMPONENTS, chosen
from openspending.assembly.composed import application, composed
from openspending.assembly.following import following, tasks
from openspending.assembly.parts import Parts, open_sandbox, open_store
from openspending.assembly.working import working

__all__ = [
    "COMPONENTS",
    "Parts",
    "application",
    "check",
    "chosen",
    "composed",
    "following",
    "open_sandbox",
    "open_store",
    "tasks",
    "working",
]
