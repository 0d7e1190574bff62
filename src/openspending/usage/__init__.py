"""Usage (OSEP-1: usage measurement): how much is asked for, of what, without a trace of who asked.

counts   what is counted, and its form as CSV
agents   people, programs and bots, told by their user agent
ledger   the counts of this process, written to the public store
recorded the counts of all processes, read from there
summary  a question about them, and its answer as rows
"""
