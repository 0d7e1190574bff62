"""Stored aggregates (OSEP-7): small tables of sums over hierarchy levels, each a cuboid, made once at derivation.

An answer from a cuboid is that from the facts, digit for digit; it only takes no longer where there are more facts.

axes       which dimensions cuboids may be grouped by
lattice    the choice of few sets of axes
coded      the facts as small numbers, for counting and adding up
catalogue  what was made
made       makes the files
statics    small cuboids as JSON, for sites without a server
files      puts them into the store, and back into a local database
planner    finds the smallest cuboid that covers a query
"""
