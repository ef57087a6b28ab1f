"""The desk's pages about readers. Importing this registers them."""

from accounts.admin import deliveries

__all__ = ["deliveries"]
