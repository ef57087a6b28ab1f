"""The link in a mail by which an open payment is mended without signing in.

It names one subscription, opens nothing of the account, and wears out: whoever has the mail may
pay the bill, and can do nothing else.
"""

import datetime as dt

from accounts import links
from accounts.models import Subscription

LASTS = dt.timedelta(days=21)


class WornOut(Exception):
    """The key was not made by this site, or is too old, or what it names is gone."""


def url_for(subscription: Subscription, *, page: str = "accounts:mend-payment") -> str:
    """The whole address of ``page`` with the key that opens this open invoice alone."""
    return links.address(links.Purpose.MEND_PAYMENT, subscription.pk, page=page)


def read(token: str) -> Subscription:
    """The subscription that ``token`` names. Raises ``WornOut``."""
    try:
        pk = links.read(token, links.Purpose.MEND_PAYMENT, lasts=LASTS)
    except links.Forged as error:
        raise WornOut from error
    rows = Subscription.objects.select_related("plan", "user").exclude(provider_id="")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise WornOut
    return found
