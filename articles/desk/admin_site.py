"""The admin site of the desk: its menu, its clock and its door."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from articles.desk import rights, start
from articles.desk.calendar_page import calendar_page
from articles.desk.notices_page import notices_page
from articles.desk.picture_picker import picture_picker
from articles.models import Publication


class DeskSite(AdminSite):
    """Django's own admin, named after its purpose; rooms register their models on it."""

    site_title = "Desk"
    index_title = "Start"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Passwords are changed where all accounts change them.
        return [
            path("articles/image/picker/", picture_picker, name="articles_image_picker"),
            path("calendar/", self.admin_view(partial(calendar_page, site=self)), name="calendar"),
            path("notices/", self.admin_view(partial(notices_page, site=self)), name="notices"),
            *(
                url
                for url in super().get_urls()
                if not (getattr(url, "name", None) or "").startswith("password_change")
            ),
        ]

    def admin_view(  # type: ignore[override]  # the stub's own name for this is private
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,  # noqa: FBT001, FBT002
    ) -> Callable[..., HttpResponseBase]:
        """As Django's, in the newsroom's zone: times are typed and shown on its clock."""

        def in_newsroom_time(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with timezone.override(_publication(request).zone_info):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
            return response

        return super().admin_view(in_newsroom_time, cacheable)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context["has_permission"]:
            context["site_header"] = _publication(request).name
            context["desk_nav"] = self._menu(request)
            context["has_notices"] = rights.gets_notices(request.user)
        return context

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {
            "start": start.page_for(request.user, now=timezone.now()),
            "may_add_story": request.user.has_perm("articles.add_article"),
        }
        return super().index(request, context | (extra_context or {}))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the one sign-in of the site; say it to those who have no place here."""
        follow = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(follow, allowed_hosts={request.get_host()}):
            follow = reverse("admin:index")
        if self.has_permission(request):
            return HttpResponseRedirect(follow)
        if not request.user.is_authenticated:
            return redirect_to_login(follow, settings.LOGIN_URL)
        context = {**self.each_context(request), "title": "This is the desk"}
        return TemplateResponse(request, "desk/no_place.html", context, status=403)

    def _menu(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """(name, address, whether we are there) of what this person may see."""
        entries = []
        if rights.may_see(request.user):
            entries.append((15, "Calendar", reverse("admin:calendar")))
        for model, model_admin in self._registry.items():
            entry = getattr(model_admin, "menu", None)
            if entry and model_admin.has_view_or_change_permission(request):
                opts = model._meta
                url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
                entries.append((*entry, url))
        start = reverse("admin:index")
        return [
            ("Start", start, request.path == start),
            *((name, url, request.path.startswith(url)) for _, name, url in sorted(entries)),
        ]


def _publication(request: Any) -> Publication:
    """The publication's facts, read once a request."""
    if not hasattr(request, "desk_publication"):
        request.desk_publication = Publication.objects.first() or Publication()
    publication: Publication = request.desk_publication
    return publication
