"""Sums of the facts, compared with the package's control totals.

controls     whether each control total holds
responsible  the rows that explain a difference
repeats      … those that were entered twice
suspects     what these searches share
"""
