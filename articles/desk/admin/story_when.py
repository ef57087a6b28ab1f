"""The page “When it goes out”: schedule, take-off and embargo of a story."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import publishing
from articles.desk import compare, newsroom_time, rights, timing
from articles.desk.admin.story_pages import StoryPages
from articles.desk.correction_form import PREFER
from articles.desk.newsroom_time import UnclearTime
from articles.desk.snapshots import snapshot
from articles.desk.states import LIVE_STATES
from articles.models import Article, Publication
from articles.publishing import PublicState, public_state, waiting


class StoryWhen(StoryPages):
    def get_urls(self) -> list[URLPattern]:
        when = self.admin_site.admin_view(self.when_view)
        over = self.admin_site.admin_view(self.publish_over_view)
        return [
            path("<int:pk>/when/", when, name="articles_article_when"),
            path("<int:pk>/publish-over/", over, name="articles_article_publish_over"),
            *super().get_urls(),
        ]

    def publish_over_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what waits beside what would go out; on POST publish, as the desk decided."""
        article = self._readable(request, pk)
        if not rights.may_publish(request.user) or not self.has_change_permission(request, article):
            raise PermissionDenied
        prefer = request.POST.get("prefer", "")
        if request.method == "POST" and prefer in dict(PREFER):
            return self._publish_over(request, article, publishing.Prefer(prefer))
        wait = waiting(article)
        waits = wait if wait and wait.is_update else None
        mine = snapshot(article)
        theirs = publishing.waiting_content(article) if waits else mine
        return self._page(
            request,
            "desk/publish_over.html",
            article,
            title="Which words does the update keep?",
            wait=waits,
            choices=PREFER,
            differences=compare.differences(mine | {"internal_note": ""}, theirs),
        )

    def _publish_over(
        self, request: HttpRequest, article: Article, prefer: publishing.Prefer
    ) -> HttpResponse:
        try:
            publishing.publish(
                article,
                editor=request.user,
                tell_readers="tell_readers" in request.POST,
                prefer=prefer,
            )
        except publishing.PublishRefused as refusal:
            messages.error(request, f"Nothing was published. {refusal}")
        else:
            messages.success(request, "Published.")
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def when_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what waits and what holds it back; on POST do what the pressed button says."""
        article = self._readable(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        problem: dict[str, Any] = {}
        if request.method == "POST":
            act = request.POST.get("act", "")
            problem = self._act(request, article, act)
            if not problem:
                return HttpResponseRedirect(reverse("admin:articles_article_when", args=[pk]))
            article = self._readable(request, pk)
        return self._when_page(request, article, problem)

    def _act(self, request: HttpRequest, article: Article, act: str) -> dict[str, Any]:
        """Do it and say so. Out: what kept it from being done, for the page; empty when done."""
        zone = _zone()
        try:
            said = timing.perform(
                act, article, user=request.user, data=request.POST.dict(), zone=zone
            )
        except UnclearTime as unclear:
            choices = getattr(unclear, "choices", ())
            return {"act": act, "error": str(unclear), "choices": choices, "is_time": True}
        except publishing.PublishRefused as refusal:
            return {"act": act, "findings": refusal.findings.missing}
        except publishing.NotPublished as refusal:
            return {"act": act, "error": str(refusal)}
        messages.success(request, said)
        return {}

    def _when_page(
        self, request: HttpRequest, article: Article, problem: dict[str, Any]
    ) -> HttpResponse:
        state, wait = public_state(article), waiting(article)
        public = getattr(article, "published", None)
        times = {
            "schedule_at": wait.at if wait else None,
            "off_at": public.off_at if public else None,
            "embargo_until": article.embargo_until,
        }
        return self._page(
            request,
            "desk/when.html",
            article,
            title="When it goes out",
            problem=problem,
            wait=wait,
            is_live=state in LIVE_STATES,
            is_over=state is PublicState.RETRACTED,
            off_at=times["off_at"],
            may_publish=rights.may_publish(request.user),
            may_lift=rights.may_lift_embargo(request.user),
            is_held=article.embargo_until is not None and article.embargo_until > timezone.now(),
            fields={name: _field(name, at, request, problem) for name, at in times.items()},
            posted=request.POST if problem else {},
        )


_LABELS = {
    "schedule_at": "Goes out",
    "off_at": "Leaves the site",
    "embargo_until": "Not before",
}


def _field(name: str, at: Any, request: HttpRequest, problem: dict[str, Any]) -> dict[str, Any]:
    """A time field with what was typed, and what was wrong with it."""
    zone = _zone()
    is_it = bool(problem) and timing.FIELDS.get(problem["act"]) == name
    field = {
        "label": _LABELS[name],
        "name": name,
        "value": request.POST.get(name, "") if is_it else newsroom_time.typed(at, zone),
        "zone": newsroom_time.zone_in_words(zone, at or timezone.now()),
    }
    if is_it and problem.get("is_time"):
        field |= {"error": problem["error"], "choices": problem["choices"]}
    return field


def _zone() -> Any:
    return (Publication.objects.first() or Publication()).zone_info
