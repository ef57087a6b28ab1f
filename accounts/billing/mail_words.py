"""What the mails about money say."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts import times
from accounts.billing import mend_links
from accounts.entitlements import GRACE
from accounts.models import MoneyMail, Payment, Subscription
from accounts.money import shown
from articles.models import Publication

Kind = MoneyMail.Kind


@dataclass(frozen=True, slots=True)
class Words:
    """A mail: its subject, its paragraphs, and one button."""

    subject: str
    paragraphs: tuple[str, ...]
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class _About:
    """What all mails speak of."""

    mail: MoneyMail
    row: Subscription
    ours: Publication

    @property
    def name(self) -> str:
        return self.ours.name

    @property
    def plan(self) -> str:
        return self.row.plan.name

    def day(self, at: dt.datetime | None) -> str:
        zone: ZoneInfo = self.ours.zone_info
        return "its end" if at is None else times.day(at, zone)

    @property
    def price(self) -> str:
        price = self.row.price
        return price.in_words(self.ours.language) if price else "the price you subscribed at"


def of(mail: MoneyMail, ours: Publication) -> Words:
    """The words of ``mail``, whose subscription, plan and prices are loaded."""
    return _WORDS[MoneyMail.Kind(mail.kind)](_About(mail, mail.subscription, ours))


def _started(a: _About) -> Words:
    until = a.day(a.row.ends_at)
    return Words(
        f"Your trial of {a.plan} has begun",
        (
            f"You can read everything {a.name} publishes, free until {until}.",
            f"After that it is {a.price}. Cancel before, and nothing is charged.",
        ),
        "See your subscription",
        _subscription_url(),
    )


def _receipt(a: _About) -> Words:
    payment = Payment.objects.filter(provider=a.row.provider, invoice_id=a.mail.about).first()
    paid = "Your payment"
    if payment is not None:
        sum_ = shown(payment.amount, payment.currency, language=a.ours.language)
        paid = f"{sum_} on {a.day(payment.paid_at)}, invoice {payment.number}"
    return Words(
        f"Your receipt from {a.name}",
        (
            f"Thank you. We received your payment for {a.plan}: {paid}.",
            f"It is paid until {a.day(a.row.ends_at)}.",
        ),
        "See your payments",
        _subscription_url(),
    )


def _failed(a: _About) -> Words:
    return Words(
        f"Your payment for {a.name} did not go through",
        (
            f"We could not collect {a.price} for {a.plan}. Perhaps a card has expired.",
            f"You can read on until {a.day(_grace_ends(a.row))}. Mend it before, and nothing "
            "stops.",
        ),
        "Mend the payment",
        mend_links.url_for(a.row),
    )


def _failed_again(a: _About) -> Words:
    return Words(
        f"Two days left to mend your payment for {a.name}",
        (
            f"Your payment of {a.price} for {a.plan} is still open.",
            f"Without it, premium stories close for you on {a.day(_grace_ends(a.row))}.",
        ),
        "Mend the payment",
        mend_links.url_for(a.row),
    )


def _last_call(a: _About) -> Words:
    return Words(
        f"Your access to {a.name} has stopped",
        (
            f"Your payment of {a.price} for {a.plan} did not come, so premium stories are closed.",
            "Pay what is open, and they open again at once. Free stories stay free, and what you "
            "follow is as you left it.",
        ),
        "Mend the payment",
        mend_links.url_for(a.row),
    )


def _trial_ends(a: _About) -> Words:
    return Words(
        f"Your trial of {a.plan} ends on {a.day(a.row.ends_at)}",
        (
            f"From then on it is {a.price}, collected by itself.",
            "If it is not for you, cancel before: it takes two clicks, and nothing is charged.",
        ),
        "See or cancel your subscription",
        _subscription_url(),
    )


def _renews(a: _About) -> Words:
    return Words(
        f"Your subscription to {a.name} renews on {a.day(a.row.ends_at)}",
        (
            f"{a.plan} goes on for another year, for {a.price}.",
            "There is nothing to do. If you would rather not, cancel before that day.",
        ),
        "See or cancel your subscription",
        _subscription_url(),
    )


def _cancelled(a: _About) -> Words:
    return Words(
        f"You cancelled {a.plan}",
        (
            f"You can read everything until {a.day(a.row.ends_at)}. Nothing is charged after that.",
            "Should you change your mind, one click takes it back until then.",
        ),
        "Take it back",
        _subscription_url(),
    )


def _resumed(a: _About) -> Words:
    return Words(
        f"{a.plan} goes on",
        (f"Good to have you. The next payment, {a.price}, is due on {a.day(a.row.ends_at)}.",),
        "See your subscription",
        _subscription_url(),
    )


def _changed(a: _About) -> Words:
    coming = a.row.next_price
    if coming is not None:
        price = coming.in_words(a.ours.language)
        first = (
            f"On {a.day(a.row.ends_at)} your plan becomes {coming.plan.name}, {price}. Until then "
            "everything stays as you paid for it."
        )
        limit = coming.plan.device_limit
    else:
        first = f"Your plan is {a.plan} now, {a.price}. What you had paid already was counted in."
        limit = a.row.plan.device_limit
    return Words(
        "Your plan changes" if coming else "Your plan has changed",
        (first, f"It is for up to {limit} device{'s' if limit != 1 else ''} at once."),
        "See your subscription",
        _subscription_url(),
    )


def _ended(a: _About) -> Words:
    return Words(
        f"Your subscription to {a.name} has ended",
        (
            "Free stories stay free for you, and what you follow is as you left it.",
            "You are welcome back at any time.",
        ),
        "See the plans",
        settings.SITE_URL + reverse("accounts:plans"),
    )


def _refunded(a: _About) -> Words:
    if a.row.ending == Subscription.Ending.DISPUTED:
        first = f"Your bank told us that you dispute the payment for {a.plan}, so it has stopped."
    else:
        first = f"We gave back what you paid for {a.plan}, so it has ended."
    return Words(
        f"Your subscription to {a.name} has stopped",
        (first, "If that is not what you wanted, write to us, and we put it right."),
        "See your subscription",
        _subscription_url(),
    )


def _grace_ends(row: Subscription) -> dt.datetime | None:
    return None if row.failed_at is None else row.failed_at + GRACE


def _subscription_url() -> str:
    return settings.SITE_URL + reverse("accounts:subscription")


_WORDS: dict[MoneyMail.Kind, Callable[[_About], Words]] = {
    Kind.STARTED: _started,
    Kind.RECEIPT: _receipt,
    Kind.FAILED: _failed,
    Kind.FAILED_AGAIN: _failed_again,
    Kind.LAST_CALL: _last_call,
    Kind.TRIAL_ENDS: _trial_ends,
    Kind.RENEWS: _renews,
    Kind.CANCELLED: _cancelled,
    Kind.RESUMED: _resumed,
    Kind.CHANGED: _changed,
    Kind.ENDED: _ended,
    Kind.REFUNDED: _refunded,
}
