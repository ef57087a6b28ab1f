"""Forms of ours that lead to the payment provider's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse

from accounts.billing import providers

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def leads_out(view: View[P]) -> View[P]:
    """Let the form on the page of ``view`` end at the provider's.

    Browsers ask the policy of the page about where a form leads, redirects included.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        provider = providers.current()
        if provider is not None and provider.form_targets:
            csp_update({"form-action": list(provider.form_targets)})(lambda _: response)(request)
        return response

    return answer


def lead_out(url: str) -> HttpResponse:
    """303 to the provider's page, which must not learn where the reader came from."""
    return HttpResponse(status=303, headers={"Location": url, "Referrer-Policy": "no-referrer"})
