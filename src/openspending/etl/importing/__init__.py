"""Importing: files as a ministry has them become one package, with every decision recorded (OSEP-1's ETL, whole).

What comes in
    gather       files on this machine, at URLs
    recipe       package.yaml, written by hand or saved
    recipefaults … and what has no sense in it
    sourcespec   … or the old OpenSpending's source-spec.yaml
    precedent    what was decided before
    packaged     … or a package says itself

What is made of it
    prepare      files → tables → meaning → package
    readings     how files are read, as was said of them
    chosen       which tables are imported, which are parts of one
    kindsapart   … and which look so, but are of another year, direction or unit
    rawtables    their cells, loaded once
    drifting     columns of the next file against those decided about
    overlaps     files whose rows stand in another one too
    modelled     one table: columns, writing, rows that are no facts
    columnsmade  … from a column to its field
    around       … unit, currency, direction, year
    ownmoney     … and those of one column alone
    tablemade    … as a resource in the making
    newlabels    … whose labels may say another unit than before
    nextfile     … as the last one was
    widening     years, phases, funds in columns become rows
    stacking     several tables of amounts become one
    lists        code lists are joined
    joins        … where the codes are the same
    assemble     all tables as one package

What is said of it
    answers      proposals, answered or left open
    prepared     the result
    tellings     … for people
    terms        … what holds for the amounts
"""
