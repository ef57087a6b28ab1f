"""When an account is erased: the provider forgets the reader, too."""

from accounts.billing import providers
from accounts.billing.provider import NotThere
from accounts.models import Customer, User


def forget(user: User) -> None:
    """Have the provider delete what it knows of ``user``. Raises ``ProviderDown``.

    Its invoices stay with it by law. What another provider knew is no longer in our reach.
    """
    provider = providers.current()
    if provider is None:
        return
    for customer in Customer.objects.filter(user=user, provider=provider.name):
        try:
            provider.forget_customer(customer.provider_id)
        except NotThere:
            continue
