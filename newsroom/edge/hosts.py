"""What hosts tell one another: which counters a commit on one of them ends on all others.

PostgreSQL carries it, in the transaction itself: what is rolled back is told to nobody, and what is
committed to everybody, also when its host dies at that moment.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.edge import counters
from newsroom.edge.counters import Counters

CHANNEL = "newsroom_edge"
_TELL = "SELECT pg_notify(%s, %s)"
# A payload has 8,000 bytes at most; who changes more than this changes all.
_MOST_PLACES = 1000
_ALL = "*"


def hears_of(connection: BaseDatabaseWrapper) -> bool:
    """Whether other hosts may work on this database, and hear through it."""
    return connection.vendor == "postgresql"


def listen_if_needed(shared: Counters) -> bool:
    """Listen for this host if others may write to the same database; whether they may."""
    if not hears_of(connections[DEFAULT_DB_ALIAS]):
        return False
    # With it comes psycopg, which nobody needs who has but one file.
    from newsroom.edge.listener import Listener

    Listener(shared).start()
    return True


def tell(connection: BaseDatabaseWrapper, places: Collection[int], *, of: Counters) -> None:
    """Say, as part of the running transaction, that ``places`` of the counters ``of`` are over."""
    if hears_of(connection):
        with connection.wrap_database_errors:
            connection.connection.execute(_TELL, (CHANNEL, message(places, of=of)))


def takes_more(connection: BaseDatabaseWrapper) -> bool:
    """Whether the running transaction takes a statement; one that has failed commits nothing."""
    if not hears_of(connection):
        return True
    from psycopg.pq import TransactionStatus

    inner = connection.connection
    return inner is not None and inner.info.transaction_status == TransactionStatus.INTRANS


def in_transaction(connection: BaseDatabaseWrapper, do: Callable[[], Any]) -> Any:
    """What ``do`` returns, whose statement, and what is told of it, happen both or neither."""
    with transaction.atomic(using=connection.alias):
        return do()


def message(places: Collection[int], *, of: Counters) -> str:
    """The words for ``places``: whose, how many counters its host knows, and which are over."""
    named = ",".join(map(str, places)) if len(places) <= _MOST_PLACES else _ALL
    return f"{of.host} {len(counters.EVERY)} {named}"


def places_in(words: str, *, own: Counters) -> Sequence[int]:
    """The places of a message that are over here: none if it is our own. All, if it is not
    understood, or comes from a version that counts otherwise: rather too much than too little."""
    sender, _, rest = words.partition(" ")
    if sender == str(own.host):
        return ()
    size, _, named = rest.partition(" ")
    if size != str(len(counters.EVERY)):
        return counters.EVERY
    try:
        places = [int(place) for place in named.split(",")]
    except ValueError:
        return counters.EVERY
    return places if all(place in counters.EVERY for place in places) else counters.EVERY
