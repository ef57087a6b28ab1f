"""The form of a story: write, save, publish."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from articles import body, publishing
from articles.desk import rights, saving
from articles.desk.admin import story_acts, story_merge
from articles.desk.admin.story_archive import StoryArchive
from articles.desk.admin.story_autosave import StoryAutosave
from articles.desk.admin.story_choice import StoryChoice
from articles.desk.admin.story_corrections import StoryCorrections
from articles.desk.admin.story_errands import StoryErrands
from articles.desk.admin.story_panel import panel
from articles.desk.admin.story_rows import BylineRows, SourceRows, TakeawayRows
from articles.desk.admin.story_sharing import StorySharing
from articles.desk.admin.story_when import StoryWhen
from articles.desk.checklist import anchor
from articles.desk.forms import ArticleForm
from articles.models import Article, Publication


@admin.register(Article)
class ArticleAdmin(
    StoryWhen,
    StoryCorrections,
    StorySharing,
    StoryErrands,
    StoryArchive,
    StoryAutosave,
    StoryChoice,
):
    menu = (10, "Stories")
    # Each save is kept as a revision, each act of publishing as an event.
    audited = False

    form = ArticleForm
    inlines = [TakeawayRows, SourceRows, BylineRows]
    autocomplete_fields = ["topics"]
    prepopulated_fields = {"slug": ["headline"]}
    radio_fields = {"access": admin.VERTICAL}
    fieldsets = [
        (None, {"fields": [("section", "kind"), "headline", "standfirst", "body"]}),
        ("Who may read", {"fields": ["access", "takeaways_open"], "classes": ["side"]}),
        (
            "Lead picture",
            {"fields": ["lead_image", "lead_caption", "lead_alt"], "classes": ["side"]},
        ),
        (
            "Where it stands",
            {"fields": ["topics", "prominence", "slug", "short_headline"], "classes": ["side"]},
        ),
        ("More", {"fields": [("dateline", "language"), "internal_note"], "classes": ["side"]}),
    ]

    class Media:
        js = [forms.Script("desk/checklist.js", defer=True)]

    # --- Who may -------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return rights.may_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        # Nothing written is deleted at once: drafts go into the bin.
        return False

    # --- The form ------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        publication = Publication.objects.first() or Publication()
        return {"language": publication.language, **super().get_changeform_initial_data(request)}

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """For those who may only read, the body as it reads and not as markup."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        name, options = self.fieldsets[0]
        fields = ["body_to_read" if field == "body" else field for field in options["fields"]]
        return [(name, {**options, "fields": fields}), *self.fieldsets[1:]]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        may_write = obj is None or self.has_change_permission(request, obj)
        return [] if may_write else ["body_to_read"]

    @admin.display(description="Body")
    def body_to_read(self, article: Article) -> SafeString:
        html = body.sanitise(article.body)
        return mark_safe(body.fill(html, lambda _: "", lambda _, ticker: escape(ticker)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        context |= story_merge.facts(request, article)
        context["desk"] = panel(article, request.user)
        context["may_write"] = article is None or self.has_change_permission(request, article)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Saving --------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        story_acts.refuse_without_right(request)
        with transaction.atomic():
            # Before any form is bound: rows are looked up by numbers that another editor may
            # have removed meanwhile.
            article = saving.lock(object_id) if object_id else None
            if article is not None and not self.has_change_permission(request, article):
                raise PermissionDenied
            if article is not None:
                answer = story_merge.meet(request, article, self.admin_site.each_context(request))
                if answer is not None:
                    return answer
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        story_merge.keep(request, form.instance)

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._answer(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._answer(request, obj)

    # --- Publishing ----------------------------------------------------------------------------

    def _answer(self, request: HttpRequest, article: Article) -> HttpResponse:
        if "_publish" in request.POST:
            return self._publish(request, article)
        if not story_merge.say(request) and not story_acts.take(request, article):
            messages.success(request, "Saved.")
        return _to("change", article)

    def _publish(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Publish what was just saved. A refusal says all that is missing; the save stands."""
        try:
            published = publishing.publish(
                article, editor=request.user, tell_readers="tell_readers" in request.POST
            )
        except publishing.QueueConflict as asked:
            messages.warning(request, f"Saved, but not published yet. {asked}")
            return _to("publish_over", article)
        except publishing.PublishRefused as refusal:
            messages.error(request, _what_is_missing(refusal))
        else:
            link = format_html('<a href="{}">View on site</a>', published.path)
            messages.success(request, format_html("Published. {}", link))
        return _to("change", article)


def _to(page: str, article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:articles_article_{page}", args=[article.pk]))


def _what_is_missing(refusal: publishing.PublishRefused) -> SafeString:
    lines = format_html_join(
        "",
        '<li><a href="{}">{}</a></li>',
        ((anchor(finding.field), finding.text) for finding in refusal.findings.missing),
    )
    return format_html("Saved, but not published. This is missing: <ul>{}</ul>", lines)
