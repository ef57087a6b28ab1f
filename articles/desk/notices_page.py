"""My notices: each person's switches for the mails of the desk."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.desk import notices, rights
from articles.models import DeskPreference


def notices_page(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show the switches that matter to this person; keep them on POST."""
    user: Any = request.user
    if not rights.gets_notices(user):
        raise PermissionDenied
    names = ["mail_on_picture"]
    if rights.may_see(user):
        names.insert(0, "mail_on_answer")
    if rights.may_approve(user):
        names.insert(0, "mail_on_submitted")
    form_class = forms.modelform_factory(DeskPreference, fields=names)
    preference = notices.preference_of(user)
    if request.method == "POST":
        form = form_class(request.POST, instance=preference)
        # Checkboxes: nothing that can be posted is wrong.
        form.is_valid()
        chosen = {name: form.cleaned_data[name] for name in names}
        DeskPreference.objects.update_or_create(user=user, defaults=chosen)
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("admin:notices"))
    context = {
        **site.each_context(request),
        "title": "My notices",
        "form": form_class(instance=preference, label_suffix=""),
    }
    return TemplateResponse(request, "desk/notices.html", context)
