"""Three editors open, edit and save one story in any order: what was typed is found, always."""

import itertools
import json
import re

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import body
from articles.desk import conflicts, revisions
from articles.models import Article
from tests.articles.desk.forms import read_form
from tests.cast import ed, make_article, staff

pytestmark = pytest.mark.django_db

# What one editor does before pressing Save: (where, how, which one).
_edit = st.tuples(
    st.sampled_from(["headline", "standfirst", "internal_note", "body", "takeaways", "sources"]),
    st.sampled_from(["retype", "append", "add", "remove", "move"]),
    st.integers(0, 4),
)
# Who opens the form anew, or edits and saves; and what is chosen if it comes to that.
_step = st.tuples(
    st.integers(0, 2),
    st.one_of(st.none(), st.lists(_edit, min_size=1, max_size=4)),
    st.sampled_from(["mine", "theirs", "both", "leave"]),
)
_FIRST = {"takeaways": "text", "sources": "title"}


class Editor:
    """Someone with a form open, who types words that nobody has typed before."""

    def __init__(self, user, article, new_words):
        self.client = Client()
        self.client.force_login(user)
        self.url = reverse("admin:articles_article_change", args=[article.pk])
        self.new_words = new_words
        self.open()

    def open(self):
        self.form = read_form(self.client.get(self.url).content.decode(), "article_form")

    def edit(self, where, how, which):
        word = next(self.new_words)
        if where == "body":
            blocks = body.blocks(self.form["body"]) or ["<p>one</p>"]
            _edit_list(blocks, how, which, f"<p>{word}</p>", lambda b: f"{b[:-4]} {word}</p>")
            self.form["body"] = "".join(blocks)
        elif where in _FIRST:
            self._edit_rows(where, how, which, word)
        else:
            self.form[where] = f"{self.form[where]} {word}" if how == "append" else word

    def _edit_rows(self, kind, how, which, word):
        count = int(self.form[f"{kind}-TOTAL_FORMS"])
        row = f"{kind}-{which % count}" if count else ""
        if how == "add" or not count:
            self.form[f"{kind}-TOTAL_FORMS"] = count + 1
            self.form[f"{kind}-{count}-{_FIRST[kind]}"] = word
            self.form[f"{kind}-{count}-position"] = count
        elif how == "remove":
            self.form[f"{row}-DELETE"] = "on"
        elif how == "move":
            self.form[f"{row}-position"] = which * 3 % 5
        else:
            before = self.form[f"{row}-{_FIRST[kind]}"] if how == "append" else ""
            self.form[f"{row}-{_FIRST[kind]}"] = f"{before} {word}"

    def save(self, choice):
        """Save; return the words that stood in the forms then."""
        typed = _words(conflicts.posted_content(_posted(self.form)))
        answer = self.client.post(self.url, self.form)
        assert answer.status_code in (302, 409)
        if answer.status_code == 409 and choice != "leave":
            form = read_form(answer.content.decode(), "conflict")
            picks = {}
            for each in answer.context["choices"]:
                can = choice != "both" or each.both is not None
                picks[f"choice-{each.key}"] = choice if can else "mine"
                if choice == "both" and each.both is not None:
                    typed |= set(re.findall(r"\bw\d+\b", form[f"text-{each.key}"]))
            kept = answer.context["kept"]
            url = reverse("admin:articles_article_choose", args=[kept.article_id, kept.number])
            assert self.client.post(url, form | picks).status_code == 302
        self.open()
        return typed


def _edit_list(items, how, which, new, changed):
    place = which % len(items)
    if how == "add":
        items.insert(place, new)
    elif how == "remove":
        del items[place]
    elif how == "move":
        items.insert(which % 2, items.pop(place))
    else:
        items[place] = new if how == "retype" else changed(items[place])


def _posted(form):
    data = QueryDict(mutable=True)
    for name, value in form.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def _words(content):
    return set(re.findall(r"\bw\d+\b", json.dumps(content)))


def _found(article):
    everywhere = _words(revisions.snapshot(Article.objects.get(pk=article.pk)))
    for kept in article.revisions.all():
        everywhere |= _words(kept.content)
    return everywhere


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_step, min_size=3, max_size=7))
def test_every_word_that_stood_in_a_form_when_it_was_saved_is_found(steps):
    with transaction.atomic():
        new_words = (f"w{number}" for number in itertools.count(1))
        article = make_article(
            headline=next(new_words),
            body="".join(f"<p>{next(new_words)} stays here</p>" for _ in range(4)),
            takeaways=[("", next(new_words)) for _ in range(3)],
            sources=[{"title": next(new_words)} for _ in range(2)],
        )
        users = (ed(), staff("Editor"), staff("Chief editor"))
        editors = [Editor(user, article, new_words) for user in users]
        typed = set()
        for who, edits, choice in steps:
            if edits is None:
                editors[who].open()
                continue
            for edit in edits:
                editors[who].edit(*edit)
            typed |= editors[who].save(choice)
            assert typed <= _found(article), typed - _found(article)
        transaction.set_rollback(True)
