"""Text search over every dataset and every line (OSEP-1): a derived store, which may be deleted at any time.

words          words and codes, as they are indexed and as they are asked for
record         what an index knows of a dataset; cells, by which money is counted
matching       what is looked for, as a tree
engine         what an index can do
prepared       a dataset made ready for an index
embedded       the engine that is in the application
postgres       … and the one of an existing PostgreSQL
languages      in which languages a dataset is
marks          what the members of a kind of money are called
factbatches    the facts in a Parquet file, batch by batch
cells          how the lines of a dataset divide into cells
columns        the columns of a fact table, the most telling first
recording      the record of a revision
indexed        what values are indexed as
linebatch      a batch of lines, made of a batch of facts
preparing      … and so a revision is made ready
contents       which datasets a store has now
filling        fills an index, commit by commit
retrying       when to try again what could not be indexed
indexing       makes an index follow its store
keeping        … all the time, in a thread
sides          the public and the private index, and what of them an asker may find
understanding  what a person typed, understood; where in a value it stands
totals         exact totals, of one kind of money each
narrowing      filters, and the cells that they leave
faceting       counts and totals by the values of facets
seen           what an asker sees of the sides, and what their words mean there
naming         words that name a dataset, where no line has all
linesearch     search for lines
datasetsearch  search for datasets
suggesting     names that begin with what was typed
"""
