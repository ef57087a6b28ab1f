"""When a reader closes the account: nothing is charged any more. ``forgetting`` does the rest."""

from django.db.models import QuerySet

from accounts.billing import changes, checkout, providers
from accounts.billing.provider import NotThere, Provider, ProviderDown, ProviderRefused
from accounts.models import Subscription, User


class StillRuns(Exception):
    """Something would be charged again; the words are for the reader."""


NO_ANSWER = (
    "Our payment provider does not answer just now, so your subscription still renews. "
    "Your account was not deleted: try again in a few minutes."
)
UNKNOWN = (
    "Your subscription is with a payment provider that we use no longer. "
    "Write to us: we end it and delete your account."
)
BEING_PAID = "A payment of yours is on its way. Try again in a few minutes, when it is through."


def stop(user: User) -> None:
    """Have nothing renewed and nothing paid any more. Raises ``StillRuns``.

    What is paid runs on, so that whoever comes back within it takes the cancelling back.
    """
    try:
        provider = providers.current()
        if provider is not None:
            checkout.abandon(user, provider)
        for row in _running(user).filter(cancelled_at=None):
            _stop(row, _provider_of(row))
    except checkout.BeingPaid as error:
        raise StillRuns(BEING_PAID) from error
    except (ProviderDown, ProviderRefused) as error:
        raise StillRuns(NO_ANSWER) from error


def _stop(row: Subscription, provider: Provider) -> None:
    try:
        changes.cancel(row, provider)
    except NotThere:
        return
    except ProviderRefused:
        # As one that nobody pays for: there is no paid period to wait for.
        _end(row, provider)


def _end(row: Subscription, provider: Provider) -> None:
    try:
        changes.end(row, provider)
    except NotThere:
        return
    except ProviderRefused:
        if provider.fetch(row.provider_id).ended_at is None:
            raise


def _running(user: User) -> QuerySet[Subscription]:
    return Subscription.objects.filter(user=user, ended_at=None).exclude(provider="")


def _provider_of(row: Subscription) -> Provider:
    provider = providers.named(row.provider)
    if provider is None:
        raise StillRuns(UNKNOWN)
    return provider
