"""All derived files of a revision that was just committed, from the tables of its check: facts first, then downloads.

What fails here leaves the revision as it is; a rebuild makes the rest.
"""

from __future__ import annotations

from openspending.analytics import build, downloads
from openspending.analytics.factfile import FactFile
from openspending.analytics.statement import read_build
from openspending.datastore.objects import ObjectStore
from openspending.datastore.revisions import Revision
from openspending.datastore.seals import Left
from openspending.etl.check import Checked, Progress
from openspending.etl.workspace import Workspace


def put_all(
    store: ObjectStore,
    revision: Revision,
    made: build.Made,
    checked: Checked,
    workspace: Workspace,
    progress: Progress | None,
) -> downloads.Outcome:
    """Put the derived files beside the revision: what became of the downloads. Closes the workspace's connection.

    Where the dataset was moved meanwhile, nothing is put. Raises StoreError.
    """
    kept = read_build(store, revision) is not None  # then the fact file here need not be the stored one
    try:
        build.put(store, revision, made, workspace)
    except Left as error:
        command = f"openspending rebuild {revision.owner}/{revision.name}"
        return downloads.Outcome(problem=f"{error} “{command}” makes what was not derived.")
    workspace.connection.close()  # the tables of the check are gone: their memory is needed
    facts = None if kept else FactFile(made.facts, checked.model)
    return downloads.ensure(store, revision, workspace.folder, facts, progress=progress)
