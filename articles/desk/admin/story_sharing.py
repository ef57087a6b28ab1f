"""The page where a story is shared with people outside the newsroom, and taken back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles.desk import rights, sharing
from articles.desk.admin.story_pages import StoryPages
from articles.models import Article, PreviewLink
from articles.site.head import absolute

# Where the new address waits for the page that shows it, once.
_NEW = "new_preview"


class ShareForm(forms.Form):
    label = forms.CharField(
        max_length=120,
        label="For whom",
        help_text="A name you will know again. They see it on the page.",
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=sharing.MOST_DAYS,
        initial=sharing.DEFAULT_DAYS,
        label="Days",
        help_text=f"1 to {sharing.MOST_DAYS}; then it ends by itself.",
    )
    as_reader = forms.ChoiceField(
        choices=PreviewLink.View,
        initial=PreviewLink.View.WHOLE,
        label="They see",
        widget=forms.Select,
    )


class StorySharing(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/share/", guard(self.share_view), name="articles_article_share"),
            path(
                "<int:pk>/share/<int:link>/end/",
                guard(self.end_share_view),
                name="articles_article_end_share",
            ),
            *super().get_urls(),
        ]

    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The links of a story, and a form for a new one."""
        article = self._shareable(request, pk)
        form = ShareForm(request.POST if request.method == "POST" else None, label_suffix="")
        if form.is_bound and form.is_valid():
            return self._share(request, article, form.cleaned_data)
        now = timezone.now()
        return self._page(
            request,
            "desk/share.html",
            article,
            title="Share a preview",
            form=form,
            refusal=sharing.why_not(article, by=request.user, at=now),
            new_address=_new_address(request, article),
            links=_links(article),
            now=now,
        )

    def end_share_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        """End one link. It opens nothing from then on."""
        article = self._shareable(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = get_object_or_404(PreviewLink, pk=link, article=article)
        if sharing.end(found, by=request.user):
            messages.success(request, f"The preview for {found.label} has ended.")
        else:
            messages.warning(request, f"The preview for {found.label} had already ended.")
        return _back(article)

    def _shareable(self, request: HttpRequest, pk: int) -> Article:
        article = self._readable(request, pk)
        if not rights.may_share(request.user, article):
            raise PermissionDenied
        return article

    def _share(self, request: HttpRequest, article: Article, asked: dict[str, Any]) -> HttpResponse:
        try:
            _, key = sharing.share(article, by=request.user, **asked)
        except sharing.NotShared as refusal:
            messages.error(request, str(refusal))
        else:
            address = absolute(reverse("desk:shared-preview", args=[key]))
            request.session[_NEW] = {"article": article.pk, "address": address}
        return _back(article)


def _links(article: Article) -> QuerySet[PreviewLink]:
    links: QuerySet[PreviewLink] = article.preview_links.select_related("created_by", "revoked_by")
    counted = links.annotate(opened=Count("visits"), last_opened_at=Max("visits__at"))
    # A model's own order is lost where rows are counted.
    return counted.order_by("-created_at", "-id")


def _new_address(request: HttpRequest, article: Article) -> str:
    """The address that was just made, for the one page that shows it."""
    made = request.session.get(_NEW)
    if request.method != "GET" or not made or made["article"] != article.pk:
        return ""
    del request.session[_NEW]
    address: str = made["address"]
    return address


def _back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_share", args=[article.pk]))
