"""Databases derived from the DataStore, and the cube that answers from them (OSEP-1: Analytics).

Deriving
    build           the derived files of a revision
    facts           … the fact table as SQL
    statement       … what a build says of itself
    controls        sums of the facts, compared with the package's control totals
    responsible     … the rows that explain a difference
    repeats         … those that were entered twice
    suspects        … what these searches share
    rebuild         everything again, compared

Comparing two fact tables
    planned         what publishing would change
    difference      … in facts and money, exactly
    factfile        … a revision's facts as a local file
    comparable      … which columns both have
    pairing         … which old fact became which new one
    changes         … the largest changes, totals, other labels
    exact           … sums with all their digits

Comparing two sums of facts
    compare         member by member
    sides           … what each side is
    comparesql      … as SQL
    compareguard    … whether one may be taken from the other

The cube's model
    cubemodel       dimensions, measures, aggregates; its JSON
    cubenames       from a package's Model, under known names
    cubevalidation  what a stored one should obey

What may be added up
    roles           … of each dimension; levels, signs
    rolesfound      … found in a fact table
    meanings        … by ColumnTypes and words
    telling         … attributes that tell another's member
    layers          … facts that sum up others
    undeclared      … columns that the cube lacks
    guard           judges a query before it is answered
    traps           … what its sums would mix
    mixing          … which members its cuts leave

Asking
    grammar         text → query, of the old API
    querytext       … of /v1
    queryjson       … as JSON
    query           queries as objects
    canonical       … in one form: for links, caches, receipts
    refs            what the refs of a query mean
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
    localbuild      … as builds in the local cache
    factdb          … in a form that answers fastest
    stored          small tables of sums, which answer at any size

Proving
    receipts        what an aggregate states, and of which facts
    receiptform     … its parts; reading one
    verifying       … checked against the stored files alone
    lineage         a fact by its id, and where its values come from
    sourcewindow    … in the publisher's own file
    sourcefiles     … which is at hand
"""
