"""What a file holds, by evidence: its tables, their encoding, delimiter, header and region, and what stands outside.

tables      all tables of some files
candidate   … one table, and all of them
parts       … files that are parts of one table

encoding    which encoding a text is in
codepages   … read in one code page after the other
plausible   … how plausible a text is, read one way
letters     … how often letters are used in which language
dialect     which delimiter and quotation marks a text has
textgrid    its rows

region      where a table lies among what surrounds it
around      … the notes, banners and blanks
again       … its header again on every page
nexttable   … where another begins
headers     … which rows are its header
numbering   … rows that count
splitnumbers … numbers in two cells
wider       … rows that go on to the right of it
seen        … which of its rows are looked at
grid        … what its cells look like
"""
