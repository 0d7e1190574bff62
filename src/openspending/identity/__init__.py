"""Identity (OSEP-1: Common): accounts and organisations, how they sign in, and tokens that others verify alone."""
