"""The buttons of a story's form that move it at the desk: save first, then the act."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from articles.desk import rights, workflow
from articles.models import Article, Revision

# What was pressed, the story, and the newest revision whose words the person has seen.
Act = Callable[[HttpRequest, Article, int], str]


def refuse_without_right(request: HttpRequest) -> None:
    """Answer 403 to a post of a button that this person does not have, before anything is saved."""
    if "_publish" in request.POST and not rights.may_publish(request.user):
        raise PermissionDenied
    answers = {"_approve", "_ask"} & set(request.POST)
    if answers and not rights.may_approve(request.user):
        raise PermissionDenied


def take(request: HttpRequest, article: Article, *, seen: int | None = None) -> bool:
    """Do what the pressed button stands for with the story that was just saved.

    ``seen``: the revision whose words this person has seen, where that is known; else it is told
    from the form. Out: whether one of the buttons was pressed. A refusal is said, and the save
    stands.
    """
    act = next((act for name, act in _ACTS.items() if name in request.POST), None)
    if act is None:
        return False
    try:
        done = act(request, article, _seen(request, article) if seen is None else seen)
    except workflow.WorkflowRefused as refusal:
        messages.error(request, f"Saved, and nothing more. {refusal}")
    else:
        messages.success(request, f"Saved. {done}")
    return True


def _submit(request: HttpRequest, article: Article, seen: int) -> str:
    note = request.POST.get("note_to_desk", "")
    workflow.submit(article, by=request.user, note=note)
    return "The desk has the story now."


def _approve(request: HttpRequest, article: Article, seen: int) -> str:
    workflow.approve(article, by=request.user, revision=seen)
    return "The story is approved."


def _ask(request: HttpRequest, article: Article, seen: int) -> str:
    note = request.POST.get("note_to_writers", "")
    workflow.ask_for_changes(article, by=request.user, note=note)
    return "The writers have your note."


def _take_back(request: HttpRequest, article: Article, seen: int) -> str:
    workflow.take_back(article, by=request.user)
    return "The story is a draft again."


_ACTS: dict[str, Act] = {
    "_submit": _submit,
    "_approve": _approve,
    "_ask": _ask,
    "_take_back": _take_back,
}


def _seen(request: HttpRequest, article: Article) -> int:
    """The newest revision whose words this person has seen: what the form began from, or their
    own save over it. A merge with another's save is neither."""
    base = request.POST.get("base", "")
    began = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
    newest = article.revisions.filter(number=article.head).first()
    is_own_save = (
        newest is not None
        and newest.created_by_id == request.user.pk
        and newest.reason == Revision.Reason.SAVE
        and (newest.base or 0) == began
    )
    return article.head if is_own_save else began
