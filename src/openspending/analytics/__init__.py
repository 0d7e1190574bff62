"""Databases derived from the DataStore, and the cube that answers from them (OSEP-1: Analytics).

Deriving
    build           the derived files of a revision
    facts           … the fact table as SQL
    factfile        … as a local file
    statement       … what a build says of itself
    derived         all of them beside a new revision
    rebuild         everything again, compared
    deriving        what was committed and not derived
    stored          small tables of sums, which answer at any size
    downloads       files of the forms that people open

The cube's model
    cubemodel       dimensions, measures, aggregates; its JSON
    cubenames       from a package's Model, under known names
    cubevalidation  what a stored one should obey

Asking
    grammar         text → query, of the old API
    querytext       … of /v1
    queryjson       … as JSON
    query           queries as objects
    canonical       … in one form: for links, caches, receipts
    refs            what the refs of a query mean
    viewing         views, as charts show them, in one form
    cutvalues       the values of its cuts
    conditions      … compared with a column
    source          FROM and WHERE
    groups          what cells are grouped by
    sql             query → SQL
    factsql         … of facts, from a place on
    factpages       facts by the page, or as a stream
    cube            running it
    watch           … not for ever
    cubes           where a Read API finds cubes
    livecubes       … those of the DataStore
    following       … which forget what has left it
    localbuild      … as builds in the local cache
    factdb          … in a form that answers fastest
    adhoc           SQL that anybody wrote
    exports         results in every format

Judging
    guards          what may be added up
    preview         a look at facts before there are any
    reconciling     sums against control totals
    comparing       two sums side by side
    differences     two fact tables compared
    proving         receipts, facts, rows of the source
"""
