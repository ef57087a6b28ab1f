"""The rows behind the readers. Import models from here."""

from accounts.models.audience import Follow
from accounts.models.codes import CodeTries
from accounts.models.devices import Device
from accounts.models.messages import Delivery
from accounts.models.meter import Opening
from accounts.models.plans import DeviceOverride, Plan, Price, Subscription
from accounts.models.user import User

__all__ = [
    "CodeTries",
    "Delivery",
    "Device",
    "DeviceOverride",
    "Follow",
    "Opening",
    "Plan",
    "Price",
    "Subscription",
    "User",
]
