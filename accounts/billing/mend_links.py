"""The link in a mail by which an open payment is mended without signing in.

It names one subscription, opens nothing of the account, and wears out: whoever has the mail may
pay the bill, and can do nothing else.
"""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from accounts.models import Subscription

LASTS = dt.timedelta(days=21)


class WornOut(Exception):
    """The key was not made by this site, or is too old, or what it names is gone."""


def url_for(subscription: Subscription) -> str:
    """The whole address, for a mail."""
    return settings.SITE_URL + reverse("accounts:mend-payment", args=[token_for(subscription)])


def token_for(subscription: Subscription) -> str:
    """The key that opens the open invoice of ``subscription``, and nothing else."""
    return _signer().sign(str(subscription.pk))


def read(token: str) -> Subscription:
    """The subscription that ``token`` names. Raises ``WornOut``."""
    try:
        pk = int(_signer().unsign(token, max_age=LASTS))
    except (BadSignature, ValueError) as error:
        raise WornOut from error
    rows = Subscription.objects.select_related("plan", "user").exclude(provider_id="")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise WornOut
    return found


def _signer() -> TimestampSigner:
    return TimestampSigner(sep=".", salt="accounts.billing.mend")
