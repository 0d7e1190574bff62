"""Jobs: work that outlives a request, such as imports: recorded, done at least once, resumed, cancelled, watched."""
