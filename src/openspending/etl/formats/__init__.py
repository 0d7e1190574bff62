"""Any file becomes rows of text: workbooks, web pages and JSON as sheets, whatever a file is called.

For all formats
    kinds        what a file really is
    sheets       what every format gives: a book, its sheets, their rows
    book         opening any of them
    delimited    a sheet as delimited text
    packed       files in a gzip or zip

Each of them
    xlsx         XLSX workbooks
    xlsxsheet    … the cells of one sheet
    xlsxfast     … their rows without a parser, where that is the same
    xlsxstyles   … how their styles show numbers, and the texts that they share
    ods          OpenDocument spreadsheets
    odssheet     … the cells of their sheets
    xmlbook      XML spreadsheets of 2003
    xmlsheet     … the cells of their sheets
    xmlparts     the XML inside all of these, read safely
    xls          XLS workbooks
    cells        a spreadsheet's value as text
    htmltables   tables of web pages
    jsonrecords  lists of records in JSON
    jsonstream   … read value by value
"""
