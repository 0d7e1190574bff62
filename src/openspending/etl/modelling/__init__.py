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
    rowtotals     rows that sum up others, by their words
    subtotals     … that no word tells
    blocks        tables that are blocks of rows with their sum
    codetree      which code lies below which
    addingup      whether rows are the sum of other rows
    rowrules      rules that leave out exactly the rows meant

The words of its headers
    moneywords    words for money
    phases        words for phases and directions
    units         units of amounts
    units_currency   … their currency
    units_factor     … their factor
    units_place      … where they stand
"""
