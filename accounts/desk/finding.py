"""Finding a reader by what a letter or a call says of them."""

import uuid

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer, User

MOST_WORDS = 8


def find(readers: QuerySet[User], term: str) -> QuerySet[User]:
    """Those whom ``term`` fits: an address, words of a name, our id or the provider's.

    Case does not count, nor do spaces around it or inside an address or id.
    """
    words = term.split()[:MOST_WORDS]
    together = "".join(words)
    if not words:
        return readers
    if public_id := _public_id(together):
        return readers.filter(public_id=public_id)
    if "@" in together and not any("@" in word for word in words[1:-1]):
        whole = _at_address(together)
        return readers.filter(whole | _all(words))
    return readers.filter(_all(words))


def exactly(readers: QuerySet[User], term: str) -> QuerySet[User]:
    """The reader with just this address or id; case and spaces do not count."""
    together = "".join(term.split())
    if public_id := _public_id(together):
        return readers.filter(public_id=public_id)
    return readers.filter(email=together.lower())


def _all(words: list[str]) -> Q:
    fitting = Q()
    for word in words:
        fitting &= _in_name(word) | _at_address(word) | _at_provider(word)
    return fitting


def _in_name(word: str) -> Q:
    found = Q()
    # Of letters beyond ASCII, SQLite does not know which are the same in upper case.
    for written in {word, word.lower(), word.upper(), word.capitalize()}:
        found |= Q(name__icontains=written)
    return found


def _at_address(word: str) -> Q:
    """The account's address, or one that waits for its confirmation."""
    other = EmailAddress.objects.filter(user=OuterRef("pk"), email__icontains=word)
    return Q(email__icontains=word) | Q(Exists(other))


def _at_provider(word: str) -> Q:
    return Q(Exists(Customer.objects.filter(user=OuterRef("pk"), provider_id__iexact=word)))


def _public_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
