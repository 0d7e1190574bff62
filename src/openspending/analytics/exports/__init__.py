"""One table of typed columns as bytes of every format: streamed, exact, the same rows and totals in each.

formats      the formats by name
negotiation  which one a request wants
options      how it should be written
table        columns and their batches
texts        values as text, with all their digits
csvtext      CSV
jsonlines    JSON Lines
jsontext     one JSON document
parquet      Parquet
arrowipc     Arrow's stream
metadata     … what both say of columns and table
xlsx         a workbook
sheetcells   … its cells
sheetbook    … and all that is not rows
outlet       where writers leave bytes until they are sent
"""
