"""Ad-hoc SQL: anybody's `SELECT` over the public datasets, answered by a process that can do nothing else.

The server never parses what was asked, let alone runs it. A *starter*, a fresh process without the server's
environment, files or memory, forks one *child* for each question. The child parses it, is told the local databases of
the datasets that it names, locks itself in, answers, and ends.

In the server
    sandbox     bounds how many questions are answered at once
    question    … one of them: what it asks for, its answer, its end
    starting    … the starter, from the server's end
    tables      names in SQL → datasets; which names there are

On both sides
    wire        messages between the server and a child
    bounds      how much an answer may need

In the other processes
    starter     the process that forks children
    child       … answers one question, and ends
    statement   which SQL is answered: one SELECT, of known parts
    versions    `owner.name@3` without quotes
    functions   … of functions that compute and do nothing else
    results     which columns an answer may have
    limits      what the operating system holds a child to
    syscalls    … the filter of system calls
"""
