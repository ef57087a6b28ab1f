"""The readers: accounts, devices, plans, follows and mail."""

from django.apps import AppConfig
from django.core.cache import caches
from django.utils.connection import ConnectionProxy


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Readers"

    def ready(self) -> None:
        from allauth.core.internal import ratelimit

        # allauth counts in the default cache, where limits may be pushed out by pages.
        ratelimit.cache = ConnectionProxy(caches, "limits")  # type: ignore[assignment,attr-defined]
