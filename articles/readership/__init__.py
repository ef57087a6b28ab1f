"""How often stories are read: counted in memory, kept by the hour, rolled up to “Most read”.

Nothing here knows who reads: a read is the number of a story, and an hour.
"""
