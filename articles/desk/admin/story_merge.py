"""A save that meets a newer one: both are put together, or the writer is asked."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles.desk import (
    ancestry,
    autosave,
    conflicts,
    kept_texts,
    merge_words,
    merging,
    revisions,
    saving,
    states,
)
from articles.desk.admin import choice_page, story_acts
from articles.models import Article, Revision

_LOOK = "Nothing more was done: look it over, then press the button again."


@dataclass(frozen=True, slots=True)
class Merging:
    """The merge that the save under way puts into the story."""

    kept: Revision | None
    note: str
    said: str
    is_unfinished: bool = False


def under_way(request: HttpRequest) -> Merging | None:
    """The merge of this request, if there is one."""
    return getattr(request, "desk_merging", None)


def facts(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the form has to know: where it begins, and which texts of this person wait."""
    if article is None:
        return {"base": 0}
    merge = under_way(request)
    # A merge that is shown again for its mistakes is in the form; it waits no more.
    kept = merge.kept.number if merge and merge.kept else None
    waiting = kept_texts.waiting(article, request.user).values_list("created_at", "number")
    return {
        "base": article.head,
        "beginning": ancestry.beginning(article),
        "kept": kept,
        "waiting": [(states.clock(at), number) for at, number in waiting if number != kept],
    }


def meet(request: HttpRequest, article: Article, site: dict[str, Any]) -> HttpResponse | None:
    """Look at a posted form before anything is bound. None: go on and save what is posted.

    Where somebody saved meanwhile, that is both texts in one, put into ``request.POST``; or the
    answer is the page to choose, and nothing of the story changes. ``article`` is locked; ``site``
    is the context of the admin site.
    """
    data = request.POST
    mine = conflicts.posted_content(data)
    if not conflicts.is_outdated(article, data):
        return None
    if conflicts.is_the_same(article, mine):
        return _the_same_again(request, article)
    number, base = ancestry.began_from(
        article, data.get("base", ""), text=data.get("beginning", "")
    )
    answer = put_together(request, article, mine=mine, base=base, number=number, site=site)
    kept_texts.settle_number(article, data.get("kept", ""), user=request.user)
    return answer


def _the_same_again(request: HttpRequest, article: Article) -> HttpResponse:
    """The story says it already. To a second click the first one has said what there was to say."""
    # The words of the newest revision are the very ones that were on this person's page, so a step
    # at the desk is about them.
    taken = story_acts.take(request, article, seen=article.head)
    savers = ancestry.savers(article, since=None, user=request.user)
    if not taken and conflicts.asks_for_more(request.POST) and not savers.is_me:
        messages.warning(request, f"{savers.name} saved the same words {savers.when}. {_LOOK}")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def put_together(
    request: HttpRequest,
    article: Article,
    *,
    mine: dict[str, Any],
    base: dict[str, Any] | None,
    number: int | None,
    site: dict[str, Any],
) -> HttpResponse | None:
    """Merge ``mine``, which began from revision ``number`` with the content ``base``."""
    data = request.POST
    now = revisions.snapshot(article)
    if base == now:
        # Only what stands around the words has moved, as when the story was published.
        return None
    merged = merging.merge(base, mine, now)
    savers = ancestry.savers(article, since=number, user=request.user)
    wrote = base is None or not conflicts.says_the_same(base, mine)
    kept = None
    if wrote:
        kept = kept_texts.keep(
            article, mine, editor=request.user, base=number, tab=autosave.tab_of(data)
        )
    if kept is not None and merged.conflicts:
        return choice_page.ask(request, article, kept, merged, savers, site=site, status=409)
    said = merge_words.sentence(merged, savers) if wrote else _nothing_of_yours(savers)
    go_on_with(
        request,
        article,
        merged.content,
        Merging(kept, merge_words.note(savers), said, conflicts.asks_for_more(data)),
    )
    return None


def go_on_with(
    request: HttpRequest, article: Article, content: dict[str, Any], merge: Merging
) -> None:
    """Let the form be filled with ``content`` as if it had been posted for the story of now."""
    posted = conflicts.as_posted(content, base=article.head, besides=request.POST)
    request.POST = posted  # type: ignore[assignment]
    request.desk_merging = merge  # type: ignore[attr-defined]


def keep(request: HttpRequest, article: Article) -> None:
    """Keep the story that was just saved as a revision, and settle the text merged into it."""
    merge, tab = under_way(request), autosave.tab_of(request.POST)
    if merge is None:
        saving.keep_if_changed(article, editor=request.user, tab=tab)
        kept_texts.settle_number(article, request.POST.get("kept", ""), user=request.user)
        return
    saving.keep_if_changed(
        article, editor=request.user, reason=Revision.Reason.MERGE, note=merge.note, tab=tab
    )
    if merge.kept is not None:
        kept_texts.settle(merge.kept)


def say(request: HttpRequest) -> bool:
    """Tell what was merged, if anything was."""
    merge = under_way(request)
    if merge is None:
        return False
    if merge.is_unfinished:
        messages.warning(request, f"{merge.said} {_LOOK}")
    else:
        messages.success(request, merge.said)
    return True


def _nothing_of_yours(savers: ancestry.Savers) -> str:
    return (
        f"{savers.name} saved {savers.when} while this form was open. You had changed nothing, so "
        "the story stands as it was saved."
    )
