"""Identity (OSEP-1: Common): accounts and organisations, how they sign in, and tokens that others verify alone.

schema          the tables
tokens          access tokens: signed, and verified by every component with published keys
authentication  who a request is for, found before any route
"""
