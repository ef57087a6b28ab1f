"""The only door from the desk to the site. Nothing else writes the public models.

Each act is one transaction: the rules, the rows that readers see, a revision, an audit event and
the announcement stand or fall together.
"""

from articles.proof import content_hash
from articles.publishing.bulk import Incoming, bulk_load
from articles.publishing.coming_off import archive, retract, set_take_off, unarchive, unpublish
from articles.publishing.correcting import Correcting, correct, live_content, places
from articles.publishing.due import late, settle_due
from articles.publishing.embargo import lift_embargo, set_embargo
from articles.publishing.going_out import publish
from articles.publishing.queue import Prefer, waiting_content
from articles.publishing.refusals import (
    Misplaced,
    NotPublished,
    PublishRefused,
    QueueConflict,
)
from articles.publishing.scheduling import move, put_in_changes, schedule, unschedule
from articles.publishing.states import PublicState, Waiting, public_state, waiting

__all__ = [
    "Correcting",
    "Incoming",
    "Misplaced",
    "NotPublished",
    "Prefer",
    "PublicState",
    "PublishRefused",
    "QueueConflict",
    "Waiting",
    "archive",
    "bulk_load",
    "content_hash",
    "correct",
    "late",
    "lift_embargo",
    "live_content",
    "move",
    "places",
    "public_state",
    "publish",
    "put_in_changes",
    "retract",
    "schedule",
    "set_embargo",
    "set_take_off",
    "settle_due",
    "unarchive",
    "unpublish",
    "unschedule",
    "waiting",
    "waiting_content",
]
