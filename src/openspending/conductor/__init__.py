"""The endpoints of the original conductor, for old clients: `/user`, `/oauth`, `/datastore`, `/package`, `/search`."""
