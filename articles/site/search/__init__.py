"""Search: an index of what an anonymous reader may see, in SQLite's FTS5 or PostgreSQL's tsvector.

``index`` keeps it, ``query`` reads what a person typed, ``results`` finds and marks; the two
engines stand behind one interface in ``engines``.
"""
