"""Every night: look at everything the provider has, for notices that were lost on the way."""

import datetime as dt

from django.utils import timezone

from accounts.billing import inbox, providers
from accounts.billing.provider import Provider
from accounts.models import Mirror, ProviderEvent, Subscription

SPREAD = dt.timedelta(milliseconds=40)
"""Between two of them, so that the news of the day comes through."""
FRESH = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=90)


def look_at_all() -> int:
    """Have the worker look at every subscription that was not looked at lately. Out: how many."""
    provider = providers.current()
    if provider is None:
        return 0
    now = timezone.now()
    wanted = sorted(_known(provider) - _fresh(provider, now))
    for number, object_id in enumerate(wanted):
        inbox.want(provider.name, object_id, not_before=now + number * SPREAD)
    return len(wanted)


def forget_old() -> int:
    """Let go of notices that nobody needs any more. Out: how many."""
    old = ProviderEvent.objects.filter(received_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def _known(provider: Provider) -> set[str]:
    """There and here: what is only here may have ended there long ago."""
    here = Subscription.objects.filter(provider=provider.name, ended_at=None)
    return set(provider.subscriptions()) | set(here.values_list("provider_id", flat=True))


def _fresh(provider: Provider, now: dt.datetime) -> set[str]:
    rows = Mirror.objects.filter(provider=provider.name, fetched_at__gt=now - FRESH)
    return set(rows.values_list("object_id", flat=True))
