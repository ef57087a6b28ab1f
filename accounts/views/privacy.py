"""What is kept of a reader, their copy of it, and the end of their account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts import limits, links, sign_in, times
from accounts.models import Closing
from accounts.privacy import closing, export, retention
from accounts.publication import publication
from accounts.views.notifications import worn_out
from accounts.views.signed_in import reader_of


@require_safe
@login_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and how long, the copies asked for, and the way to delete the account."""
    user, now, zone = reader_of(request), timezone.now(), publication().zone_info
    copies = [
        {
            "pk": copy.pk,
            "asked": times.moment(copy.asked_at, now=now, zone=zone),
            "until": times.day(copy.made_at + export.KEPT, zone) if copy.made_at else "",
            "size": copy.size,
        }
        for copy in export.of(user, at=now)
    ]
    context = {
        "rules": retention.RULES,
        "copies": copies,
        "is_being_made": any(not copy["until"] for copy in copies),
    }
    return render(request, "accounts/privacy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def ask_export(request: HttpRequest) -> HttpResponse:
    """Asked by POST only; GET is where the way back from a password leads."""
    user = reader_of(request)
    if request.method == "POST":
        limits.hit(limits.COPIES_A_DAY, str(user.pk))
        export.ask(user, at=timezone.now())
        messages.success(
            request, "Your copy is being made. We write to you as soon as it is ready."
        )
    return redirect("accounts:privacy")


@require_GET
@login_required
@reauthentication_required
def fetch_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for its owner alone."""
    copies = export.of(reader_of(request), at=timezone.now())
    copy = copies.filter(pk=pk, made_at__isnull=False).first()
    if copy is None or not export.path_of(copy).is_file():
        raise Http404
    response = FileResponse(
        export.path_of(copy).open("rb"),
        as_attachment=True,
        filename=f"my-data-{copy.asked_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
def delete(request: HttpRequest) -> HttpResponse:
    """What deleting means, or why it is not possible here; done by POST."""
    user = reader_of(request)
    why_not = closing.why_not(user)
    if request.method == "POST" and not why_not:
        try:
            closing.close(user, at=timezone.now())
        except closing.NotClosed as refused:
            why_not = str(refused)
        else:
            sign_in.Adapter(request).logout(request)
            return redirect("accounts:closed")
    status = 409 if request.method == "POST" else 200
    return render(request, "accounts/delete.html", {"why_not": why_not}, status=status)


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Says that it is done, and how to undo it."""
    return render(request, "accounts/closed.html")


@require_http_methods(["GET", "HEAD", "POST"])
def inactive(request: HttpRequest) -> HttpResponse:
    """Who gave the right proof for an account that is switched off, or was closed by its owner.

    The owner of a closed one sees until when it can be brought back; POST sends the link again.
    """
    now = timezone.now()
    row = closing.reopenable(request.session.get(sign_in.CLOSED_SESSION_KEY) or 0, at=now)
    if row is None:
        return render(request, "account/account_inactive.html")
    if request.method == "POST":
        limits.hit(limits.MAIL_A_MINUTE, f"way back {row.pk}")
        closing.show_way_back.enqueue(row.pk)
        messages.success(request, "We sent the link again.")
        return redirect("account_inactive")
    until = times.day(row.erase_at, publication().zone_info)
    return render(request, "accounts/closed_account.html", {"until": until})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: a button first."""
    now = timezone.now()
    row = _closing(token)
    if row is None:
        response = worn_out(request)
    elif request.method == "POST":
        is_done = closing.bring_back(row.pk, at=now)
        response = (
            render(
                request,
                "accounts/brought_back.html",
                {"is_done": True, "cancelled": closing.was_cancelled(row.user, at=timezone.now())},
            )
            if is_done
            else worn_out(request)
        )
    else:
        until = times.day(row.erase_at, publication().zone_info)
        response = render(request, "accounts/brought_back.html", {"until": until})
    response["Referrer-Policy"] = "no-referrer"
    return response


def _closing(token: str) -> Closing | None:
    try:
        pk = links.read(token, links.Purpose.BRING_BACK)
    except links.Forged:
        return None
    return closing.reopenable(pk, at=timezone.now())
