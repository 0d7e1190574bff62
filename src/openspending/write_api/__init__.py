"""The Write API (OSEP-1): uploads, imports, commits, and what becomes of a dataset."""
