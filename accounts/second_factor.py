"""The second factor: its words, its secrets at rest, and taking it away."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage
from qrcode.main import make

from accounts import devices, trail
from accounts.models import Device, User
from articles.models import Event


class MfaAdapter(DefaultMFAAdapter):
    """allauth's second factor in our words; its secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Wait for the next one and try again.",
        "unverified_email": "Confirm your e-mail address first.",
    }

    def is_mfa_enabled(self, user: Any, types: list[str] | None = None) -> bool:
        """Whether signing in asks for a second factor.

        A reader's passkey is another way in and not a second factor: with the password alone
        they get in as before, also where the device with the passkey is not at hand.
        """
        if not user.is_anonymous and not user.is_staff:
            asked = types or Authenticator.Type.values
            types = [each for each in asked if each != Authenticator.Type.WEBAUTHN]
        enabled: bool = super().is_mfa_enabled(user, types=types)
        return enabled

    def build_totp_svg(self, url: str) -> str:
        # On white, or a camera finds nothing on a dark page.
        image = make(url, image_factory=SvgPathFillImage)  # type: ignore[no-untyped-call]
        return str(image.to_string(encoding="unicode"))

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def reset(user: User, *, by: User | None) -> bool:
    """Remove every second factor of ``user`` and end all devices; whether there was one.

    Leaves an audit row; ``by`` is None when an operator does it on the command line.
    """
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=user).delete()
        if not removed:
            return False
        devices.end_others(user, None, ending=Device.Ending.BY_THE_DESK, by="", at=timezone.now())
        trail.record(
            Event.Kind.CHANGED,
            user,
            by=by,
            note="Second factor reset",
        )
    return True


def _cipher() -> MultiFernet:
    """Under the site's key; what an earlier key wrote is read as long as it is a fallback."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
