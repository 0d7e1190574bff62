"""The SQL database of accounts, uploads and jobs: SQLite in a file, or PostgreSQL by a URL. No public data is in it.

engine       opening it, and its types
reachable    whether it answers
condition    whether it has the newest form, and can be written
dumping      all of it as one file, and back
migrations   the forms it had, one after another (Alembic); `migrate` brings it to the newest
"""
