"""The pages about the rights in pictures: who needs someone, blocking, and what was shown."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.desk import picture_acts, picture_states, picture_worklist, rights
from articles.desk.admin.base import DeskModelAdmin
from articles.models import Image
from articles.photos import blocking
from articles.photos.originals import original_at
from articles.photos.rights import may_be_served
from articles.photos.uses import Place, uses

# A file of somebody else's, opened by one of us: it does nothing, and nobody keeps it.
SEALED = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class BlockForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=blocking.LONGEST_REASON,
        widget=forms.Textarea(
            attrs={"rows": 2, "data-oneline": "", "data-count": blocking.LONGEST_REASON}
        ),
        help_text="The editors of the stories are told, and it stays in the log.",
        error_messages={
            "required": "Say why: the reason is kept, and told to the editors.",
            "max_length": "The reason is too long: %(limit_value)d characters at most.",
        },
    )


class ImageRights(DeskModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("rights/", require_safe(self.rights_view), "rights"),
            ("<int:pk>/block/", self.block_view, "block"),
            ("<int:pk>/unblock/", self.unblock_view, "unblock"),
            ("<int:pk>/original/", require_safe(self.original_view), "original"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"articles_image_{name}")
                for route, view, name in own
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"rights_url": reverse("admin:articles_image_rights")}
        return super().changelist_view(request, context | (extra_context or {}))

    def rights_view(self, request: HttpRequest) -> HttpResponse:
        """The pictures that need someone, by what they need."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = picture_worklist.groups(at=timezone.now())
        title = "Pictures that need someone"
        return self._page(request, "desk/pictures_rights.html", None, title=title, groups=groups)

    def block_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what is hit and ask for the reason on GET; block on POST."""
        image = self._blockable(request, pk)
        form = BlockForm(request.POST or None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            try:
                picture_acts.block(image, by=request.user, reason=form.cleaned_data["reason"])
            except blocking.NotBlocked as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, "The picture is blocked. The editors are being told.")
            return self._back(image)
        return self._page(
            request,
            "desk/block_picture.html",
            image,
            title="It is blocked already" if image.blocked_at else "Block this picture?",
            form=form,
            places=[(self.link_to(place), place.note) for place in uses(image)],
        )

    def unblock_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what follows on GET; let the picture go again on POST."""
        image = self._blockable(request, pk)
        if request.method == "POST":
            try:
                picture_acts.unblock(image, by=request.user)
            except blocking.NotBlocked as refusal:
                messages.warning(request, str(refusal))
            else:
                messages.success(request, "The picture is free again. The editors are being told.")
            return self._back(image)
        free = Image.objects.get(pk=image.pk)
        free.blocked_at = None
        return self._page(
            request,
            "desk/unblock_picture.html",
            image,
            title="Let it go again?" if image.blocked_at else "It is not blocked",
            obstacles=picture_states.obstacles(free, at=timezone.now()),
        )

    def original_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file itself, blocked or ended, too: for those who may read what was public.

        With ``?at=`` the one that was in use then.
        """
        if not rights.may_see_originals(request.user):
            raise PermissionDenied
        image: Image = get_object_or_404(Image, pk=pk)
        try:
            at = _moment(request.GET.get("at", ""))
        except ValueError:
            return HttpResponseBadRequest("That is no time.\n", "text/plain")
        original = original_at(image, at)
        try:
            with original.file.open("rb") as file:
                content = file.read()
        except FileNotFoundError as error:
            raise Http404("The original is gone") from error
        return HttpResponse(content, content_type=original.content_type, headers=SEALED)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        image = kwargs.get("obj")
        if isinstance(image, Image):
            stored = Image.objects.select_related("blocked_by").get(pk=image.pk)
            context |= {
                "obstacles": picture_states.obstacles(stored, at=timezone.now()),
                "is_blocked": stored.blocked_at is not None,
                "may_block": rights.may_block(request.user),
                "may_see_original": rights.may_see_originals(request.user),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def link_to(self, place: Place) -> str:
        """The name of a place, leading there where the desk has a page for it."""
        if not self.admin_site.is_registered(place.model):
            return place.title
        name = f"admin:{place.model._meta.app_label}_{place.model._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[place.pk]), place.title)

    def _blockable(self, request: HttpRequest, pk: int) -> Image:
        if not rights.may_block(request.user):
            raise PermissionDenied
        image: Image = get_object_or_404(Image, pk=pk)
        return image

    def _back(self, image: Image) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_image_change", args=[image.pk]))

    def _page(
        self, request: HttpRequest, template: str, image: Image | None, **context: Any
    ) -> TemplateResponse:
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "image": image,
            **context,
        }
        return TemplateResponse(request, template, whole)


def without_files(image: Image) -> SafeString | None:
    """What stands in place of a picture whose files may not be fetched now, or None."""
    if may_be_served(image, timezone.now()):
        return None
    return format_html('<span class="note">{}</span>', "Shown nowhere now")


def _moment(text: str) -> dt.datetime | None:
    """A time with its offset, as our own pages write it; raises ``ValueError`` for another."""
    if not text:
        return None
    at = parse_datetime(text)
    if at is None or at.tzinfo is None:
        raise ValueError(text)
    return at
