"""The account of a person, reader or staff: an e-mail address is its name."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account; the address is kept in lower case."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        # Here, because the rules stand on the models.
        from accounts.privacy import suppression

        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        if suppression.holds(user.email):
            user.wants_story_mail = False
        user.save(using=self._db)
        if user.is_staff:
            # An operator vouches for it; without a confirmed address nobody could sign in.
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an operator: staff with every right."""
        return self.create_user(
            email, password, **{**fields, "is_staff": True, "is_superuser": True}
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    # Logs and audit rows name a reader by this id only.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    is_staff = models.BooleanField("staff", default=False, help_text="May sign in to the desk.")
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    # The switch for mails about new stories; follows stay when it is off.
    wants_story_mail = models.BooleanField("mail about new stories", default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = "reader"
        permissions = [
            ("export_readers", "Can take the list of readers along as a file"),
            ("correct_address", "Can correct a reader's address and have it confirmed"),
            ("merge_readers", "Can make two accounts of one reader one"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Another account uses this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
