"""What may be added up: known at derivation, asked before each sum is answered.

roles       what each dimension is to a sum; levels, signs
rolesfound  … found in a fact table
meanings    … by ColumnTypes and words
telling     … attributes that tell another's member
layers      … facts that sum up others
undeclared  … columns that the cube lacks
guard       judges a query before it is answered
traps       … what its sums would mix
mixing      … which members its cuts leave
"""
