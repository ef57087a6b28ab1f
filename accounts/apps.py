"""The readers: accounts, devices, plans, follows and mail."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Readers"
