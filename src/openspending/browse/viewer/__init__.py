"""The viewer: any view of a dataset as a page, whose table needs no script.

place    where the pages of a dataset are
cube     what a dataset has: levels, measures, what must not be added up
suggest  the views that suit a dataset
asked    what of a view the dataset has, and what not
question what the API is asked
sums     the exact arithmetic of tables
rows     rows of a table from the cells of an answer
nesting  levels within each other, and their exact sums
pivoting … as a pivot table
table    a view's table, as the API answers it
refused  what the API refuses, as choices
crumbs   the way down, and the filters
lines    the first lines behind a view
form     what can be changed
sqltext  a view in SQL
useit    the same view elsewhere: addresses, code, formulas
page     everything together
"""

from __future__ import annotations

from openspending.browse.viewer.page import viewer_page

__all__ = ["viewer_page"]
