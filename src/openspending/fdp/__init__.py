"""The Fiscal Data Package specification as plain objects (OSEP-1: Common, Specs). Knows nothing but Python.

Reading a descriptor
    strictjson    JSON with exact numbers, without duplicate keys, NaN or bombs
    versions      which dialect it is; bytes → Package → bytes, without loss
    resources     tables: their files and how they are written
    schemas       their fields, keys and missing values
    shapes        which are no tables, but shapes of places
    leaveout      rows that are declared to be no data
    package       the objects that come of it
    place         where the reader stands, and what is wrong there
    paths         which paths and URLs are safe to open
    literals      single values in a descriptor, such as constants

What the columns mean
    columntypes   ColumnTypes and the bundled taxonomies
    typewords     … in words
    relations     labels, parents and keys among ColumnTypes
    model         the objects: measures, dimensions, attributes
    model_of      Package → Model, whatever the dialect
    model_0_3     … from a `model` or `mapping`
    model_1_0     … from the fields' columnTypes
    money         currency, factor, direction, phase
    roles         what type facts hold for a column, by its role
    names         the one slug rule
    ostypes       columns → model, as os-types answers it
    denormalise   the plan by which tables become one
    controls      control totals that a package declares
    controltotal  … and what became of them

What is wrong
    catalogue     every kind of problem, in words
    problems      problems and reports
    causes        … those of one cause together
    conformance   everything that the descriptor alone shows
    schema_rules  … by Data Package and Table Schema
    fiscal_rules  … by FDP
    shaping_rules … by our own vocabulary

What differs from what was published
    drift         columns: the same, renamed?, new, gone
    revised       properties of the descriptor

How cells are written, as SQL text
    values        missing values, gate and cast of a column
    number_text   numbers
    negatives     … below zero
    date_text     dates and times
    spaces        what is blank
    sqltext       literals and identifiers

    amounts       exact amounts as text for people
"""
