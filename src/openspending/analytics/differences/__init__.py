"""Two fact tables compared: what publishing would change.

planned     what publishing would change
difference  … in facts and money, exactly
comparable  … which columns both have
pairing     … which old fact became which new one
changes     … the largest changes, totals, other labels
plandata    … all of it as JSON
exact       … sums with all their digits
"""
