"""What the provider tells us: kept once by its id, and put down as something to look at."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.billing.provider import Notice
from accounts.models import Mirror, ProviderEvent


def take(provider: str, notice: Notice) -> bool:
    """Keep a notice that was found to be signed. Out: False if it had come before.

    A notice says only that something changed; how it stands is asked for by the worker.
    """
    about = notice.subscription_id or notice.object_id
    with transaction.atomic():
        _, is_new = ProviderEvent.objects.get_or_create(
            provider=provider,
            event_id=notice.event_id,
            defaults={
                "kind": notice.kind,
                "about": about,
                "happened_at": notice.happened_at,
                "facts": notice.facts,
            },
        )
        # One that we do not follow is about nothing.
        if is_new and about:
            want(provider, about)
    return is_new


def want(provider: str, object_id: str, *, not_before: dt.datetime | None = None) -> None:
    """Have the worker look at ``object_id`` of ``provider``, now or from ``not_before`` (aware) on.

    Asking while it is being looked at makes it be looked at once more.
    """
    now = timezone.now()
    row, is_new = Mirror.objects.get_or_create(
        provider=provider, object_id=object_id, defaults={"not_before": not_before or now}
    )
    if is_new:
        return
    rows = Mirror.objects.filter(pk=row.pk)
    if not_before is None:
        # Where fetching fails, the pause stays: notices must not turn it into a storm.
        rows.filter(failures=0, not_before__gt=now).update(not_before=now)
    else:
        rows.filter(done=F("wanted")).update(not_before=not_before)
    rows.update(wanted=F("wanted") + 1)
