"""What the story's form asks while one writes: keep this, who else is here, am I signed in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from js_asset import ImportMap
from js_asset.media import Media

from articles.desk import autosave, presence, saving, states, writers
from articles.desk.admin.script_answers import for_scripts, refuse
from articles.desk.admin.story_taken_back import StoryTakenBack
from articles.models import Article, Revision

_MODULES = ImportMap(  # type: ignore[no-untyped-call]
    {
        "desk/dom": "desk/dom.js",
        **{
            f"desk/story/{name}": f"desk/story/{name}.js"
            for name in ("asking", "form", "keeping", "line", "presence", "signing_in", "tab")
        },
    }
)


class StoryAutosave(StoryTakenBack):
    """A story's form that loses no word while it is open."""

    def get_urls(self) -> list[URLPattern]:
        post = for_scripts(self.admin_site, method="POST")
        by_itself = for_scripts(self.admin_site, method="POST", by_itself=True)
        look = for_scripts(self.admin_site, method="GET", by_itself=True)
        own = [
            ("autosave/", post(self.autosave_view), "autosave_new"),
            ("<int:pk>/autosave/", post(self.autosave_view), "autosave"),
            ("<int:pk>/presence/", by_itself(self.presence_view), "presence"),
            ("who/", look(self.who_view), "who"),
            ("signed-in/", self.admin_site.admin_view(self.signed_in_view), "signed_in"),
        ]
        return [
            *(path(route, view, name=f"articles_article_{name}") for route, view, name in own),
            *super().get_urls(),
        ]

    # --- Keeping what is typed -----------------------------------------------------------------

    @transaction.atomic
    def autosave_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Keep the posted form as it is, however unfinished. The story itself does not change."""
        content = autosave.content_of(request.POST)
        if pk is None:
            return self._begin(request, content)
        article = self._locked(request, pk)
        return JsonResponse(_said(request, article, _keep(request, article, content)))

    def _begin(self, request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
        """The first words of a new story make the draft; the page goes on as its form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        key = autosave.begun_of(request.POST)
        if key is None:
            return refuse(400, "This form does not say which story it began.")
        if not autosave.has_words(content):
            return JsonResponse({"saved": "", "revision": None, "head": 0, "newer": None})
        article = saving.lock(autosave.begin(key, writer=request.user).pk)
        assert article is not None  # noqa: S101 - made in this transaction, if not before
        said = _said(request, article, _keep(request, article, content))
        return JsonResponse({**said, "story": self._addresses(request, article)})

    def _locked(self, request: HttpRequest, pk: int) -> Article:
        article = saving.lock(pk)
        if article is None:
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def _addresses(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """What a form must know of its story."""
        return {
            "story": str(article.pk),
            "change": reverse("admin:articles_article_change", args=[article.pk]),
            "autosave": reverse("admin:articles_article_autosave", args=[article.pk]),
            "presence": reverse("admin:articles_article_presence", args=[article.pk]),
            "writer": writers.token(request.user, story=article.pk),
        }

    # --- Who is here ---------------------------------------------------------------------------

    def presence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A sign of life of an open form, answered with everyone else's; ``leave`` is the last."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        tab = autosave.tab_of(request.POST)
        if not tab:
            return refuse(400, "This form does not say in which tab it stands.")
        if request.POST.get("leave"):
            presence.leave(pk, user=request.user, tab=tab)
            return JsonResponse({})
        form: dict[str, Any] = {
            "user": request.user,
            "tab": tab,
            "is_writing": request.POST.get("writing") == "1",
        }
        if not presence.ping(pk, **form):
            presence.arrive(self._seen(request, pk), **form)
        forms = presence.rows(pk)
        # Mine is among them, unless a hundred others are.
        story = forms[0].article
        base = autosave.base_of(request.POST)
        return JsonResponse(
            {
                "here": presence.as_json(presence.others(forms, user=request.user, tab=tab)),
                "head": story.head,
                "newer": autosave.newer(story, base=base, user=request.user),
            }
        )

    def _seen(self, request: HttpRequest, pk: int) -> Article:
        article: Article = get_object_or_404(Article, pk=pk)
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def who_view(self, request: HttpRequest) -> HttpResponse:
        """Who is signed in, with a token for their forms: signing in has ended the old one.

        ``?story=`` is the story, or the key of a new one, that the form is signed for anew.
        """
        user: Any = request.user
        return JsonResponse(
            {
                "person": str(user.public_id),
                "name": user.get_full_name(),
                "token": get_token(request),
                "writer": writers.token(user, story=request.GET.get("story", "")[:36]),
            }
        )

    def signed_in_view(self, request: HttpRequest) -> HttpResponse:
        """Where the small window of the sign-in ends."""
        context = {**self.admin_site.each_context(request), "title": "You are signed in"}
        return TemplateResponse(request, "desk/signed_in.html", context)

    # --- The form ------------------------------------------------------------------------------

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        context["keeping"] = self._keeping(request, article)
        context["media"] += Media(  # type: ignore[no-untyped-call]
            importmap=_MODULES, js=[Script("desk/story/autosave.js", type="module")]
        )
        if article is not None:
            context["here"] = presence.others(presence.rows(article.pk), user=request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def _keeping(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """What the form carries for its scripts, and for the post of an ended session."""
        user: Any = request.user
        facts = {
            "person": str(user.public_id),
            "name": user.get_full_name(),
            "zone": timezone.get_current_timezone_name(),
            "who": reverse("admin:articles_article_who"),
            "sign_in": _sign_in_address(),
            "ticks": static("desk/story/ticks.js"),
            "begun": "",
        }
        if article is not None:
            return {**facts, **self._addresses(request, article)}
        begun = self.begun_in(request)
        return {
            **facts,
            "story": begun,
            "begun": begun,
            "change": "",
            "autosave": reverse("admin:articles_article_autosave_new"),
            "presence": "",
            "writer": writers.token(user, story=begun),
        }


def _keep(request: HttpRequest, article: Article, content: dict[str, Any]) -> Revision | None:
    return autosave.keep(
        article,
        content=content,
        editor=request.user,
        base=autosave.base_of(request.POST),
        tab=autosave.tab_of(request.POST),
    )


def _said(request: HttpRequest, article: Article, revision: Revision | None) -> dict[str, Any]:
    base = autosave.base_of(request.POST)
    return {
        "saved": states.clock(revision.created_at if revision else article.saved_at),
        "revision": revision.number if revision else None,
        "head": article.head,
        "newer": autosave.newer(article, base=base, user=request.user),
    }


def _sign_in_address() -> str:
    signed_in = reverse("admin:articles_article_signed_in")
    return f"{settings.LOGIN_URL}?next={signed_in}"
