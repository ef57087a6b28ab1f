"""The account's first page, and its name."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import devices, standing
from accounts.forms import NameForm
from accounts.publication import publication
from accounts.views.signed_in import reader_of


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Name, address, password, subscription and devices, each with the way to change it."""
    user, now = reader_of(request), timezone.now()
    context = {
        "standing": standing.of(user, now, publication().zone_info),
        "device_count": devices.live(user).count(),
        "device_limit": devices.limit_of(user, now),
    }
    return render(request, "accounts/overview.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def name(request: HttpRequest) -> HttpResponse:
    """Change the name."""
    user = reader_of(request)
    form = NameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=["name"])
        messages.success(request, "Your name is changed.")
        return redirect("accounts:overview")
    return render(request, "accounts/name.html", {"form": form})
