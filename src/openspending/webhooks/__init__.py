"""Webhooks: addresses that are told of what happens to datasets, signed and tried again."""
