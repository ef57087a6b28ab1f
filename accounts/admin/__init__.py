"""The desk's pages about readers. Importing this registers them."""

from accounts.admin import deliveries, plans, readers, subscriptions

__all__ = ["deliveries", "plans", "readers", "subscriptions"]
