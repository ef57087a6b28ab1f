"""The rows behind the readers. Import models from here."""

from accounts.models.audience import Follow
from accounts.models.billing import (
    Checkout,
    Customer,
    Mirror,
    MoneyMail,
    Payment,
    ProviderEvent,
    ProviderPrice,
)
from accounts.models.codes import CodeTries
from accounts.models.demo_checkout import DemoSession, DemoSubscription
from accounts.models.desk import DeskReport, Merger, Note
from accounts.models.devices import Device
from accounts.models.messages import Delivery
from accounts.models.meter import Opening
from accounts.models.plans import DeviceOverride, Plan, Price, Subscription
from accounts.models.privacy import Closing, EmailChange, Export, Suppressed
from accounts.models.user import User

__all__ = [
    "Checkout",
    "Closing",
    "CodeTries",
    "Customer",
    "Delivery",
    "DemoSession",
    "DemoSubscription",
    "DeskReport",
    "Device",
    "DeviceOverride",
    "EmailChange",
    "Export",
    "Follow",
    "Merger",
    "Mirror",
    "MoneyMail",
    "Note",
    "Opening",
    "Payment",
    "Plan",
    "Price",
    "ProviderEvent",
    "ProviderPrice",
    "Subscription",
    "Suppressed",
    "User",
]
