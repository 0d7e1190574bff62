"""A workbook (Office Open XML) changed in a few places, and nowhere else.

No library that reads a workbook and writes it again keeps charts, pictures, pivot tables, stored results and whatever
else it does not know. So the parts are copied byte by byte, but for the tags that get another style and what is added.

    splice     one XML part, copied but for what is cut, put in or replaced
    package    the zip with its parts, their types and relationships
    looks      styles that are like others but for their colour
    merged     which cells lie under a merged one
    sheet      the cells of a sheet
    comments   the comments of a sheet
    shapes     … and the boxes that they are drawn in
    front      a sheet before all others
    listing    … with the list "To fix"
    book       all of it together
"""
