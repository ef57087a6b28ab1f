"""Work beside the requests: the worker with its periodic jobs, and the supervisor of it all."""
