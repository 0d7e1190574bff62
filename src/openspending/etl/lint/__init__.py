"""What looks wrong in a package that can be read: warnings with rows, each rather missed than wrongly given.

findings   all checks, one after the other
subject    a table with what its columns mean
members    names that differ in spaces or case, codes that a spreadsheet changed
periods    years that are missing, or far from all others
labels     codes with two labels or none
levels     codes above codes, rows that sum up others
repeats    blocks of rows that stand there twice
series     amounts that leave their line: another unit, another sign
blocks     rows in between that are in another unit
currencies amounts that are no sum, being of several currencies
amounts    columns of zeros, more spent than approved
"""
