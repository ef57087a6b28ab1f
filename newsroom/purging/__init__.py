"""Telling caches in front (nginx, Varnish) what is over: rows, written with the change itself.

``rows`` are written inside the transaction, ``sending`` sends them right after it, and the worker
what was left. Without PURGE_URLS nothing of it happens.
"""
