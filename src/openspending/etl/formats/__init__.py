"""Any file becomes rows of text: workbooks, web pages and JSON as sheets, whatever a file is called.

kinds        what a file really is
sheets       what every format gives: a book, its sheets, their rows
book         opening any of them

cells        a spreadsheet's value as text
calamine     workbooks
htmltables   tables of web pages
jsonrecords  lists of records in JSON
jsonstream   … read value by value
"""
