"""Acquisition, Clean, Load (OSEP-1): reads and checks declared data. Works offline, knows no DataStore.

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

Giving them back with their problems marked
    marked       the copy that a publisher asked for
    marks        every cell found wrong, not only the first
    original     a source file, record by record, as it is
    markedrows   its rows with their problems
    tofix        the list of causes
    workbook     … as a workbook
    celltext     what its cells can hold
    markedcsv    … as CSV
"""
