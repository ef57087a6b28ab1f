"""How long the pages of the desk take among very many stories."""

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.http import urlencode

from articles.models import Article
from tests.bench.scale.clock import Times, timed
from tests.bench.scale.words import kinds
from tests.cast import staff

ROUNDS = 20
LIST = "/admin/articles/article/"
CHIEF = "chief-editor@example.com"


def measure() -> dict[str, Times]:
    """The list, its filters, searches and the form of a story, for the chief editor."""
    desk = Client()
    users = get_user_model()._default_manager
    desk.force_login(users.filter(email=CHIEF).first() or staff("Chief editor"))
    words = kinds()
    newest, oldest = (
        Article.objects.order_by(order).values_list("pk", flat=True)[50] for order in ("-pk", "pk")
    )
    paths = {
        "start": "/admin/",
        "list": LIST,
        "last page": f"{LIST}?p=10",
        **{
            f"on the site: {state}": f"{LIST}?state={state}"
            for state in (
                "none", "scheduled", "live", "live_with_changes", "archived", "unpublished",
                "retracted",
            )
        },
        "mine": f"{LIST}?whose=mine",
        "waiting": f"{LIST}?whose=waiting",
        "in review": f"{LIST}?work=in_review",
        "due": f"{LIST}?due=today",
        "bin": f"{LIST}?bin=yes",
        **{
            f"search: {kind}": f"{LIST}?{urlencode({'q': words[kind]})}"
            for kind in ("common", "middling", "rare", "common in old stories only", "nothing")
        },
        "change": f"{LIST}{newest}/change/",
        "change, old": f"{LIST}{oldest}/change/",
        "events": "/admin/articles/event/",
    }  # fmt: skip
    return {
        name: timed(lambda p=path: _get(desk, p), rounds=ROUNDS) for name, path in paths.items()
    }


def _get(desk: Client, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
