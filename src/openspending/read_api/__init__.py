"""The Read API (OSEP-1): aggregates, facts, members, models and files over HTTP."""
