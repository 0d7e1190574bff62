"""Jobs: work that outlives a request, such as imports: recorded, done at least once, resumed, cancelled, watched.

job        what a job is, and what handlers raise to end one
schema     its tables
texts      texts as any database takes them
lasting    asking a database that restarts, or is locked, or full
queue      the records: submit, look at, cancel, try again
claiming   which job is next, and how one ends; late comers change nothing
places     whether a process of this machine still runs
heartbeat  which workers live, and taking over from the dead
running    what a handler is given: to tell its progress, to hear that it is to stop
attempting how one attempt ends
worker     the threads that do jobs

Others use the names below.
"""

from openspending.jobs.job import Cancelled, GiveUp, Job, Line, Postponed, Progress
from openspending.jobs.queue import Jobs
from openspending.jobs.running import Running
from openspending.jobs.worker import Handler, Worker

__all__ = ["Cancelled", "GiveUp", "Handler", "Job", "Jobs", "Line", "Postponed", "Progress", "Running", "Worker"]
