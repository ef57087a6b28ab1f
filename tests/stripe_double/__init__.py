"""A double of Stripe in a process of its own: its protocol over HTTP, its objects, its clock.

``driver.py`` starts it for tests and moves it; ``checked.py`` holds its answers against the SDK's
own classes. It is no mock: what it is told by its API decides what it answers.
"""

API_VERSION = "2026-10-28.endive"
