"""When a reader's address changes: the provider writes to the new one, too."""

from django_tasks import task

from accounts.billing import providers
from accounts.billing.provider import NotThere
from accounts.models import Customer, User


def ask(user: User) -> None:
    """Have the worker tell the provider. Call it in the transaction of the change."""
    if Customer.objects.filter(user=user).exists():
        tell.enqueue(user.pk)


@task()
def tell(user_id: int) -> None:
    """Give the provider the address of now; when it does not answer, the worker tries again."""
    provider = providers.current()
    if provider is None:
        return
    rows = Customer.objects.filter(user=user_id, provider=provider.name).select_related("user")
    for row in rows:
        try:
            provider.readdress(row.provider_id, row.user.email)
        except NotThere:
            continue
