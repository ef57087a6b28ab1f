"""The sections, authors and topics of the corpus, and the account that loads it."""

import random
from dataclasses import dataclass

from accounts.models import User
from articles.models import Author, Section, Topic
from newsroom.corpus.words import Ranked

LOADER = "corpus@example.com"
SECTIONS = (
    "World", "Politics", "Economy", "Markets", "Companies", "Technology",
    "Science", "Culture", "Sport", "Opinion", "Cities", "Weather",
)  # fmt: skip
AUTHORS, TOPICS = 200, 2000


@dataclass(frozen=True, slots=True)
class Paper:
    """Numbers to draw from: the first ones are written about, and write, most."""

    sections: Ranked[int]
    authors: Ranked[int]
    topics: Ranked[int]

    def some_topics(self, chance: random.Random) -> list[int]:
        return sorted({self.topics.draw(chance) for _ in range(chance.randint(1, 4))})


def loader() -> User:
    """The account in whose name the corpus is loaded. Nobody can sign in with it."""
    user = User.objects.filter(email=LOADER).first()
    return user or User.objects.create_user(LOADER, None, name="Corpus", is_staff=True)


def lay_out() -> Paper:
    """Make what the stories refer to, as far as it is not there yet."""
    for position, name in enumerate(SECTIONS):
        Section.objects.get_or_create(
            slug=f"corpus-{name.lower()}",
            defaults={"name": f"Corpus {name}", "position": position + 1},
        )
    Author.objects.bulk_create(
        [Author(name=f"Writer {n}", slug=f"corpus-writer-{n}") for n in range(1, AUTHORS + 1)],
        ignore_conflicts=True,
    )
    Topic.objects.bulk_create(
        [Topic(name=f"Corpus topic {n}", slug=f"corpus-topic-{n}") for n in range(1, TOPICS + 1)],
        ignore_conflicts=True,
    )
    return Paper(_ranked(Section), _ranked(Author), _ranked(Topic))


def _ranked(model: type[Section] | type[Author] | type[Topic]) -> Ranked[int]:
    numbers = model._default_manager.filter(slug__startswith="corpus-").order_by("pk")
    return Ranked(list(numbers.values_list("pk", flat=True)))
