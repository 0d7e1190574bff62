"""Webhooks: addresses that are told of what happens to datasets, signed and tried again.

webhook       what a webhook is, and what it is told
schema        the tables
subscriptions webhooks and deliveries as records
signing       how a message is signed
sending       sending one, guarded
rights        whether a webhook may hear of a private dataset
dispatching   following the changelogs: what is to be told, and to whom
delivering    the handler of jobs that deliver
asking        what a request asks
routes        the routes
"""
