"""The Fiscal Data Package specification as plain objects (OSEP-1: Common, Specs). Knows no I/O."""
