"""A story's form that is posted after the session ended, or that two requests make at once."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.csrf import csrf_exempt

from articles.desk import autosave, kept_posts, rights, writers
from articles.desk.admin.script_answers import form_is_refused
from articles.desk.admin.story_pages import StoryPages
from articles.models import Article, KeptPost

View = Callable[..., HttpResponseBase]


class StorySignedOut(StoryPages):
    """Keeps the post of somebody whose session ended, and gives it back to the same account."""

    def get_urls(self) -> list[URLPattern]:
        urls = super().get_urls()
        for url in urls:
            if url.name in ("articles_article_add", "articles_article_change"):
                url.callback = self._losing_nothing(url.callback)
        kept = self.admin_site.admin_view(self.kept_view)
        return [path("kept/<uuid:key>/", kept, name="articles_article_kept"), *urls]

    def kept_view(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """Say on GET what is kept; on POST give it back, as the form filled with it."""
        post = kept_posts.of(request.user).filter(key=key).first()
        if post is None:
            text = (
                "Nothing is kept here for you. What is posted is kept for an hour, for its writer."
            )
            messages.warning(request, text)
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        if not self._may_write(request, post.article):
            raise PermissionDenied
        if request.method != "POST":
            title = "Your words are kept"
            return self._page(request, "desk/kept_post.html", post.article, title=title, post=post)
        article, revision = kept_posts.take_up(post)
        change = reverse("admin:articles_article_change", args=[article.pk])
        return HttpResponseRedirect(f"{change}?from={revision.number}" if revision else change)

    # --- A new story is begun once -------------------------------------------------------------

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        key = autosave.begun_of(request.POST)
        if request.method != "POST" or key is None:
            return super().add_view(request, form_url, extra_context)
        with transaction.atomic():
            autosave.hold_for(request.user)
            draft = autosave.begun(key, writer=request.user)
            if draft is None:
                return super().add_view(request, form_url, extra_context)
            # An autosave of this form came first: the save goes on with its story.
            change = reverse("admin:articles_article_change", args=[draft.pk])
            return self.change_view(request, str(draft.pk), change, extra_context)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.begun_as = autosave.key_for(autosave.begun_of(request.POST))
        super().save_model(request, obj, form, change)

    def begun_in(self, request: HttpRequest) -> str:
        """The key of this form of a new story: the posted one when it is shown again."""
        return str(autosave.begun_of(request.POST) or uuid.uuid4())

    # --- A post without a session --------------------------------------------------------------

    def _losing_nothing(self, view: View) -> View:
        # The view asks for the form's token itself; here a form without a good one is still kept.
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            is_here = self.admin_site.has_permission(request)
            if is_here and not form_is_refused(request):
                return view(request, *args, **kwargs)
            post = self._kept(request, kwargs.get("object_id"))
            if post is None or (request.user.is_authenticated and request.user != post.user):
                return view(request, *args, **kwargs)
            return self._back_to(request, post)

        return answer

    def _kept(self, request: HttpRequest, object_id: str | None) -> KeptPost | None:
        """The post, kept under the name that its form was signed with."""
        begun = None if object_id else autosave.begun_of(request.POST)
        story = object_id or begun
        writer = writers.of(request.POST.get("writer", ""), story=story) if story else None
        article = Article.objects.filter(pk=object_id).first() if writer and object_id else None
        if writer is None or (object_id and article is None):
            return None
        if not rights.may_change(writer, article):
            return None
        return kept_posts.keep(writer, data=request.POST, article=article, begun=begun)

    def _back_to(self, request: HttpRequest, post: KeptPost) -> HttpResponse:
        address = reverse("admin:articles_article_kept", args=[post.key])
        if request.user.is_authenticated:
            text = "This form is from before you signed in. Nothing is lost: take it back and save."
            messages.warning(request, text)
            return HttpResponseRedirect(address)
        return redirect_to_login(address, settings.LOGIN_URL)

    def _may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, article)
