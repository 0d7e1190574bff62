"""`/import…`: files become a dataset, step by step. A client of the APIs: what is written is a draft there, each step
tries it as a dry import, and what that finds is what the pages show.

routes   which path is which page
begin    the files: drafts, and a new one
sending  … files that come with a form, without scripts
writing  a draft, and the import that tries it
where    which page is next
files    how the files are read
columns  what their columns mean
kinds    … in words
forms    … how their cells are written
answers  … what a form says of both
subjects … what it was about, where nothing asks for it any more
result   the facts that there would be, or what is wrong
measures … what the amounts are called
findings … each thing once, with all its cells
about    what is said of the dataset, and its control totals
said     … as properties of its descriptor
period   … the time that it covers
countries … countries by their names
totals   … the control totals
plan     what would change, and publishing it
done     the import, how far it is and what came of it
"""

from __future__ import annotations

from openspending.browse.wizard.routes import routes

__all__ = ["routes"]
