"""What a file holds, by evidence: its tables, their encoding, delimiter, header and region, and what stands outside.

encoding   which encoding a text is in
codepages  … read in one code page after the other
plausible  … how plausible a text is, read one way
letters    … how often letters are used in which language
dialect    which delimiter and quotation marks a text has
"""
