"""Acquisition, Clean, Load (OSEP-1): reads and checks declared data, and finds out what undeclared data are. Works
offline, knows no DataStore.

Files as they are
    formats      any file becomes rows of text
    inspecting   which tables are in it
    modelling    what their columns are
    folding      letters without what makes no difference between words
    decisions    what is proposed, what is decided
    importing    … all of it, from files to a package

Opening a package
    sources     a descriptor, folder, zip or URL, with all files
    archives    unpacking a zipped package safely
    limits      how much is unpacked, read and shown
    sourcefile  a file, its size and hash

Reading tables as text
    read        a resource becomes a DuckDB relation
    textfile    a file becomes UTF-8
    lines       … and lines
    fast        segments that Arrow reads
    careful     everything else, by Python's csv module
    header      which column is which field
    inline      data inside the descriptor
    rawtable    the columns, in memory or spilled
    loaded      what came of reading it
    shapes      shapes for maps: whether they can be drawn
    shaping     rows left out, cells filled and mended, as declared
    workspace   the folder and the DuckDB connection

Checking them
    check       everything about a package, in one report
    columns     what each column is for
    table       a loaded resource with its columns
    probes      many questions in few scans
    rules       what a cell must be, as SQL
    cells       cells that break a rule
    amounts     how many digits amounts need
    keys        keys that repeat or lead nowhere
    totals      total rows that would double amounts
    stacked     tables whose rows stand in another one too
    years       date columns that hold years
    lint        what is valid, but looks wrong
    columnsums  rows and sums as the files have them

Giving them back with their problems marked
    marked       the copy that a publisher asked for
    markedbooks     its workbooks: the publisher's own, and a new one for the rest
    markedoriginal  … the publisher's own
    patching        … changed in place
    declared        why a row is not read, what is read instead of a text
    marks        every cell found wrong, not only the first
    original     a source file, record by record, as it is
    window       … around one row
    markedrows   its rows with their problems
    tofix        the list of causes
    workbook     … as a workbook
    celltext     what its cells can hold
    markedcsv    … as CSV
"""
