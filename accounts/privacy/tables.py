"""Every table that says something about a reader: what of it they get, and what erasure does.

One registry for export and erasure. A new table with a key to an account fails the tests until it
stands here, or among those left out with a reason.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from accounts.models import User


class Fate(StrEnum):
    """What erasing the account does to the rows."""

    DELETED = "deleted"
    DETACHED = "detached"
    """They stay, by law, and no longer say whose they are."""
    KEPT = "kept"
    """They name the reader by a random id only, which then leads nowhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows about a reader. ``path`` leads from a row to the account; ``fields`` are exported."""

    model: str
    path: str
    name: str
    """Of its files in the export."""
    fields: tuple[str, ...]
    fate: Fate = Fate.DELETED
    blank: dict[str, Any] = field(default_factory=dict)
    """What else is emptied of rows that are detached."""

    def rows(self, user: User) -> QuerySet[Model]:
        """The rows about ``user``, oldest first."""
        value = user.public_id if self.path == _BY_PUBLIC_ID else user.pk
        extra = {"target_kind": "reader"} if self.path == _BY_PUBLIC_ID else {}
        rows: QuerySet[Model] = apps.get_model(self.model)._default_manager.all()
        return rows.filter(**{self.path: value}, **extra).order_by("pk")


_BY_PUBLIC_ID = "target_id"

TABLES = (
    Table(
        "accounts.User",
        "pk",
        "profile",
        ("email", "name", "public_id", "date_joined", "last_login", "wants_story_mail"),
    ),
    Table("account.EmailAddress", "user", "email-addresses", ("email", "verified", "primary")),
    Table(
        "accounts.EmailChange",
        "user",
        "email-changes",
        ("old_email", "new_email", "asked_at", "confirmed_at", "stopped_at"),
    ),
    Table(
        "accounts.Device",
        "user",
        "devices-and-sign-ins",
        (
            "name",
            "place",
            "created_at",
            "last_seen_at",
            "ended_at",
            "ending",
            "ended_from",
        ),
    ),
    Table("mfa.Authenticator", "user", "passkeys", ("type", "created_at", "last_used_at")),
    Table(
        "accounts.MoneyMail",
        "subscription__user",
        "mails-about-money",
        ("kind", "about", "state", "due_at", "sent_at"),
    ),
    Table(
        "accounts.Payment",
        "user",
        "payments",
        (
            "number",
            "amount",
            "currency",
            "paid_at",
            "refunded",
            "refunded_at",
            "disputed_at",
        ),
        Fate.DETACHED,
        {"subscription": None},
    ),
    Table(
        "accounts.Checkout",
        "user",
        "checkouts",
        ("price__plan__name", "state", "created_at", "expires_at"),
    ),
    Table("accounts.Customer", "user", "payment-provider", ("provider", "provider_id")),
    Table(
        "accounts.Subscription",
        "user",
        "subscriptions",
        (
            "plan__name",
            "kind",
            "starts_at",
            "ends_at",
            "cancelled_at",
            "ended_at",
            "ending",
            "failed_at",
            "unpaid_at",
            "paused_at",
            "resumes_at",
            "reference",
            "reason",
            "created_at",
        ),
    ),
    Table("accounts.DeviceOverride", "user", "device-limit", ("limit", "until", "reason")),
    Table(
        "accounts.Opening",
        "user",
        "metered-stories",
        ("period", "article__published__headline", "opened_at"),
    ),
    Table("accounts.Follow", "user", "follows", ("author__name", "section__name", "created_at")),
    Table(
        "accounts.Delivery",
        "reader",
        "mails-about-stories",
        (
            "announcement__article__published__headline",
            "state",
            "attempts",
            "created_at",
            "sent_at",
            "error",
        ),
    ),
    Table("accounts.Note", "user", "notes", ("text", "written_at")),
    Table("accounts.Merger", "kept", "merged-accounts", ("emptied__email", "merged_at")),
    Table("accounts.Export", "user", "exports", ("asked_at", "made_at", "size")),
    Table("accounts.Closing", "user", "closing", ("closed_at", "erase_at")),
    Table("articles.Event", _BY_PUBLIC_ID, "events", ("at", "kind", "note"), Fate.KEPT),
)

_STAFF = "What staff did at the desk. Their accounts are not deleted by themselves."

# Keys to an account, or to a row about one, that are no part of a reader's data: why.
LEFT_OUT = {
    "accounts.Subscription.given_by": "Names the member of staff, not the reader.",
    "accounts.Note.written_by": "Names the member of staff, not the reader.",
    "accounts.Merger.emptied": "The closed account is erased with the one it was merged into.",
    "accounts.User_groups.user": "The rights of staff.",
    "accounts.User_user_permissions.user": "The rights of staff.",
    "account.EmailConfirmation.email_address": "Unused: links of confirmation are signed.",
    "admin.LogEntry.user": "Unused: the desk writes events instead.",
    "articles.Article.binned_by": _STAFF,
    "articles.Article.created_by": _STAFF,
    "articles.Article.work_by": _STAFF,
    "articles.Author.user": _STAFF,
    "articles.Correction.signed_by": _STAFF,
    "articles.DeskPreference.user": _STAFF,
    "articles.Event.actor": _STAFF,
    "articles.FormerFile.replaced_by": _STAFF,
    "articles.Image.blocked_by": _STAFF,
    "articles.Image.created_by": _STAFF,
    "articles.KeptPost.user": _STAFF,
    "articles.PreviewLink.created_by": _STAFF,
    "articles.PreviewLink.revoked_by": _STAFF,
    "articles.Presence.user": _STAFF,
    "articles.PublishedVersion.approved_by": _STAFF,
    "articles.PublishedVersion.created_by": _STAFF,
    "articles.PublishedVersion.erased_by": _STAFF,
    "articles.Revision.created_by": _STAFF,
    "accounts.Payment.subscription": "The payment itself hangs on the account, and is detached.",
}


def undecided() -> list[str]:
    """Keys to accounts, and to rows about them, that nobody has decided about."""
    decided = {table.model: table.path for table in TABLES}
    about = {apps.get_model(label) for label in decided} - {apps.get_model("articles.Event")}
    found = []
    for model in apps.get_models(include_auto_created=True):
        for key in model._meta.get_fields():
            if not (key.concrete and key.is_relation and key.related_model in about):
                continue
            if key.many_to_many:
                continue  # its own table is among the models
            name = f"{model._meta.label}.{key.name}"
            path = decided.get(model._meta.label, "")
            if path.partition("__")[0] != key.name and name not in LEFT_OUT:
                found.append(name)
    return sorted(found)
