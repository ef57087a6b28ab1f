"""What was written and what was done: kept for good."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models.append_only import AppendOnly, AppendOnlyQuerySet
from articles.models.article import Article


class Revision(models.Model):
    """A whole working copy as it was saved: all fields and ordered rows as JSON."""

    class Reason(models.TextChoices):
        SAVE = "save", "Saved"
        PUBLISH = "publish", "Published"
        CONFLICT = "conflict", "Kept from a conflict"
        AUTOSAVE = "autosave", "Kept while typing"
        MERGE = "merge", "Merged with another save"
        RESTORE = "restore", "Brought back"
        CORRECT = "correct", "Corrected"
        COPY = "copy", "Copied from another story"

    # Kept beside the story, not in it: such a revision never becomes the head.
    BESIDE = (Reason.CONFLICT, Reason.AUTOSAVE)

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.SAVE)
    note = models.CharField(max_length=300, blank=True, help_text="Why, in a person's words.")
    content = models.JSONField()
    # The revision the form began from, and the tab it stood in (a random id made by the browser).
    base = models.PositiveIntegerField(null=True, blank=True)
    tab = models.CharField(max_length=36, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Since when a text kept from a conflict waits no more: it was merged, or its writer left it
    # out.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="revision_number_from_one"),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(reason="conflict"),
                name="revision_settled_was_kept_from_a_conflict",
            ),
        ]
        indexes = [
            # Read when an autosave is kept, to find those whose words it holds.
            models.Index(
                fields=["article", "tab"],
                condition=Q(reason="autosave"),
                name="revision_autosave_idx",
            ),
            # Read by the story's form: texts of a person that wait for a choice.
            models.Index(
                fields=["article", "created_by"],
                condition=Q(reason="conflict", settled_at=None),
                name="revision_waiting_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"


class Event(AppendOnly):
    """One act, append-only: who did what to what, when and why."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", "Published"
        CHANGES_PUBLISHED = "changes_published", "Published changes"
        UNPUBLISHED = "unpublished", "Unpublished"
        MOVED = "moved", "Moved to another address"
        SCHEDULED = "scheduled", "Scheduled"
        UPDATE_SCHEDULED = "update_scheduled", "Scheduled an update"
        UNSCHEDULED = "unscheduled", "Unscheduled"
        WENT_OUT = "went_out", "Went out as scheduled"
        TAKE_OFF_SET = "take_off_set", "Set when it goes off the site"
        EMBARGO_SET = "embargo_set", "Set an embargo"
        EMBARGO_LIFTED = "embargo_lifted", "Lifted an embargo"
        CORRECTED = "corrected", "Published a correction"
        RETRACTED = "retracted", "Retracted"
        ARCHIVED = "archived", "Archived"
        UNARCHIVED = "unarchived", "Took out of the archive"
        BINNED = "binned", "Put in the bin"
        UNBINNED = "unbinned", "Took out of the bin"
        DELETED = "deleted", "Deleted for good"
        SUBMITTED = "submitted", "Sent to the desk"
        APPROVED = "approved", "Approved"
        CHANGES_REQUESTED = "changes_requested", "Asked for changes"
        APPROVAL_VOIDED = "approval_voided", "Changed after it was approved"
        WITHDRAWN = "withdrawn", "Took back from the desk"
        RESTORED = "restored", "Brought back a revision"
        COPIED = "copied", "Copied a story"
        PREVIEW_SHARED = "preview_shared", "Shared a preview"
        PREVIEW_REVOKED = "preview_revoked", "Ended a shared preview"
        VERSION_ERASED = "version_erased", "Erased a published version"
        ARCHIVE_READ = "archive_read", "Read what was public"
        SIGNED_IN = "signed_in", "Signed in"
        SIGN_IN_FAILED = "sign_in_failed", "Could not sign in"
        SIGNED_OUT = "signed_out", "Signed out"
        ROLE_CHANGED = "role_changed", "Changed roles"
        PLAN_CHANGED = "plan_changed", "Changed a plan"
        CHANGED = "changed", "Changed"
        PLAN_GIVEN = "plan_given", "Gave a plan"
        PLAN_EXTENDED = "plan_extended", "Extended a plan"
        PLAN_ENDED = "plan_ended", "Ended a plan"
        PROVIDER_CHANGED = "provider_changed", "Followed the payment provider"
        DEVICES_CHANGED = "devices_changed", "Changed the number of devices"
        MAIL_SENT_AGAIN = "mail_sent_again", "Sent a mail again"
        ADDRESS_CONFIRMED = "address_confirmed", "Confirmed the address"
        ADDRESS_CORRECTED = "address_corrected", "Corrected the address"
        CONFIRMATION_SENT = "confirmation_sent", "Sent the confirmation again"
        NOTE_LEFT = "note_left", "Left a note"
        ACCOUNTS_MERGED = "accounts_merged", "Merged two accounts"
        READERS_EXPORTED = "readers_exported", "Took the list of readers along"
        PICTURE_BLOCKED = "picture_blocked", "Blocked a picture"
        PICTURE_UNBLOCKED = "picture_unblocked", "Let a picture go again"
        PICTURE_WITHDRAWN = "picture_withdrawn", "Removed a picture’s public files"
        PICTURE_ENDING = "picture_ending", "Warned of the end of a licence"

    kind = models.CharField(max_length=24, choices=Kind)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    # What it was done to: a plain name and key, so that the row outlives its object. Readers are
    # named by their random id only.
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    target_name = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects: ClassVar[AppendOnlyQuerySet["Event"]] = AppendOnlyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-at"], name="event_target_idx"),
            # Read by the one list of all events, filtered.
            models.Index(fields=["kind", "-at"], name="event_kind_idx"),
            models.Index(fields=["actor", "-at"], name="event_actor_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.target_name}"
