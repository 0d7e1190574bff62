"""Two sums of facts side by side, member by member.

compare       the comparison and its answer
sides         what each side is
comparesql    … as SQL
compareguard  whether one side may be taken from the other
"""
