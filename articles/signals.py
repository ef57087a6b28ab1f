"""The two signals by which the stories speak to the rest of the house."""

from django.dispatch import Signal

# Sent inside the publish transaction, with ``article`` and ``event``. Receivers may only write
# rows or NOTIFY; an error rolls the publication back.
content_changing = Signal()

# Sent after commit, with ``article_id`` and ``event``. It may be lost without harm.
content_changed = Signal()
