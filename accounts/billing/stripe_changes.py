"""What is changed on a subscription at Stripe. Each may be repeated with its key."""

import stripe
from django.utils import timezone

from accounts.billing.provider import NotThere, ProviderRefused
from accounts.billing.stripe_calls import in_our_words
from accounts.billing.stripe_shapes import id_of, only_item


class StripeChanges:
    """The part of ``StripeProvider`` that changes subscriptions.

    A schedule holds a change that is to come. It is let go of before any other change: Stripe
    refuses to cancel beside one, and it would undo a change of price.
    """

    def __init__(self, client: stripe.StripeClient) -> None:
        self._stripe = client

    def cancel(self, subscription_id: str, *, key: str) -> None:
        """Have it end with its period."""
        with in_our_words():
            self._let_go(self._found(subscription_id))
            self._update(subscription_id, {"cancel_at_period_end": True}, key)

    def resume(self, subscription_id: str, *, key: str) -> None:
        """Have it renewed after all."""
        with in_our_words():
            self._update(subscription_id, {"cancel_at_period_end": False}, key)

    def change_now(self, subscription_id: str, price_id: str, *, key: str) -> None:
        """Another price, and an invoice over the difference, which must be paid or nothing changes.

        So a reader has the one plan or the other, and hears at once that the card was declined: a
        pending update would leave a third state open for a day.
        """
        with in_our_words():
            found = self._found(subscription_id)
            self._let_go(found)
            self._update(
                subscription_id,
                {
                    "items": [{"id": only_item(found).id, "price": price_id, "quantity": 1}],
                    "proration_behavior": "always_invoice",
                    "payment_behavior": "error_if_incomplete",
                },
                # Stripe repeats its no for a day, too, and a card may be mended within minutes.
                f"{key}-{timezone.now():%Y%m%d%H%M}",
            )

    def change_later(self, subscription_id: str, price_id: str, *, key: str) -> None:
        """A schedule of two parts: the period that runs as it is, then the other price.

        ``key`` is not needed: a subscription has one schedule, and it says the same each time.
        """
        schedules = self._stripe.v1.subscription_schedules
        with in_our_words():
            self._let_go(self._found(subscription_id))
            schedule = schedules.create({"from_subscription": subscription_id})
            schedules.update(
                schedule.id,
                {
                    "end_behavior": "release",
                    "proration_behavior": "none",
                    "phases": [_running(schedule), _to_come(price_id)],
                },
            )

    def end_now(self, subscription_id: str, *, key: str) -> None:
        """End it, with nothing charged or given back. One that has ended stays so."""
        try:
            with in_our_words():
                self._stripe.v1.subscriptions.cancel(
                    subscription_id,
                    {"prorate": False, "invoice_now": False},
                    {"idempotency_key": key},
                )
        except (NotThere, ProviderRefused):
            with in_our_words():
                if self._found(subscription_id).ended_at is None:
                    raise

    def _found(self, subscription_id: str) -> stripe.Subscription:
        return self._stripe.v1.subscriptions.retrieve(subscription_id)

    def _update(
        self, subscription_id: str, change: stripe.params.SubscriptionUpdateParams, key: str
    ) -> None:
        self._stripe.v1.subscriptions.update(subscription_id, change, {"idempotency_key": key})

    def _let_go(self, found: stripe.Subscription) -> None:
        if schedule_id := id_of(found.schedule):
            self._stripe.v1.subscription_schedules.release(schedule_id)


def _running(
    schedule: stripe.SubscriptionSchedule,
) -> stripe.params.SubscriptionScheduleUpdateParamsPhase:
    """The phase that runs now, as it is: to leave anything out is to change it."""
    now = schedule.current_phase
    phases = [part for part in schedule.phases if now and part.start_date == now.start_date]
    if not phases:
        raise ProviderRefused("The schedule has no period that runs.")
    phase = phases[0]
    same: stripe.params.SubscriptionScheduleUpdateParamsPhase = {
        "items": [
            {"price": id_of(item.price), "quantity": item.quantity or 1} for item in phase.items
        ],
        "start_date": phase.start_date,
        "end_date": phase.end_date,
        "proration_behavior": "none",
    }
    if phase.trial_end is not None:
        same["trial_end"] = phase.trial_end
    return same


def _to_come(price_id: str) -> stripe.params.SubscriptionScheduleUpdateParamsPhase:
    """A month of the other price; then the schedule lets go, and it renews by itself."""
    return {
        "items": [{"price": price_id, "quantity": 1}],
        "duration": {"interval": "month", "interval_count": 1},
        "proration_behavior": "none",
    }
