"""Browse & Search (OSEP-1): the basic pages. A client of the APIs, without privileges."""
