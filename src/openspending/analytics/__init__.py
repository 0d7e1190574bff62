"""Databases derived from the DataStore, and the cube that answers from them (OSEP-1: Analytics).

Deriving
    build           the derived files of a revision
    facts           … the fact table as SQL
    statement       … what a build says of itself
    rebuild         everything again, compared

The cube's model
    cubemodel       dimensions, measures, aggregates; its JSON
    cubenames       from a package's Model, under known names
    cubevalidation  what a stored one should obey

Asking
    grammar         text → query
    query           queries as objects
    refs            what the refs of a query mean
    cutvalues       the values of its cuts
    sql             query → SQL
    cube            running it
    cubes           where a Read API finds cubes
    livecubes       … those of the DataStore
    factdb          … and their local databases
"""
