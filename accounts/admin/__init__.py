"""The desk's pages about readers. Importing this registers them."""

from accounts.admin import deliveries, groups, plans, readers, subscriptions

__all__ = ["deliveries", "groups", "plans", "readers", "subscriptions"]
