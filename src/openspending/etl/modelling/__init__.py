"""What a table's columns are: from its cells as text to types, formats and ColumnTypes, each with a reason.

The cells of a column
    profile       what they hold: how many, how many different ones, what they look like
    profiling     … counted from a loaded table
    evidence      … as texts with counts

How they are written
    writing       the likeliest kind, its field's properties, and what must be asked
    written       … as an object
    missing       texts that stand for “no value”
    currencies    signs and codes of currencies
    numerals      one number taken apart, and the formats that read it
    digits        … in other scripts
    numbers       the one format of a column's numbers
    doubts        … where its cells leave it open
    amounts       a column read as numbers
    questions     what is asked about its numbers
    codes         amounts or codes, booleans
    dates         the one format of a column's dates
    years         years and fiscal years
    fitting       whether the cells pass the gate that the check has for them
    settling      what the other columns of the table decide
    strays        cells of a large table that its sample did not show

Its rows
    rows          what a table should leave out
    rowtable      a table with what is known of its columns
    rowkinds      rows that are no facts: headings, details, notes
    rowrepeats    rows that repeat others, or tell of them
    rowtotals     rows that sum up others, by their words
    subtotals     … that no word tells
    blocks        tables that are blocks of rows with their sum
    blocktree     … within larger blocks
    codetree      which code lies below which
    addingup      whether rows are the sum of other rows
    rowrules      rules that leave out exactly the rows meant

The words of its headers
    headings         what a label says about amounts
    headings_time    … years, fiscal years, parts of years
    headings_parts   … quarters, months, accounting periods
    phases           words for phases and directions
    units            units of amounts
    units_currency   … their currency
    units_factor     … their factor
    units_place      … where they stand
    unitcolumns      … said in each row
    surroundings     what stands around the table
    moneywords       finding words of a lexicon in a label
    words            words of budgets in many languages
    wordsheader      labels read as meanings

What its columns mean
    roles            a ColumnType for each, with candidates
    rolescores       what a column may be about, with points
    rolesvalues      what its cells say
    rolesamounts     which numbers are amounts
    rolesunread      … which could not be read
    codelists        whether texts are of well-known lists
    pairs            codes and their labels
    rolesgroups      columns of one thing put together
    levels           from meanings to ColumnTypes

Wide tables
    wide             columns that become rows
    wide_axes        … what tells them from each other
    wide_totals      … which is the sum of others
    wide_rest        … what becomes of those beside them
"""
