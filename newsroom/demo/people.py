"""Who works at The Meridian, and who reads it."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Follow, Plan, Subscription, User
from articles.models import Author, AuthorLink, Image, Section
from newsroom.demo.reading import table

PASSWORD = "demo-newsroom"  # noqa: S105  # public: the demo prints it when it starts


@dataclass(frozen=True, slots=True)
class Person:
    """One account: ``<key>@example.com``. A group makes it staff."""

    key: str
    name: str
    group: str = ""
    is_operator: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@example.com"


PEOPLE = (
    Person("operator", "Omar Reyes", is_operator=True),
    Person("reporter", "Lisa Morgan", "Reporter"),
    Person("editor", "Edith Castle", "Editor"),
    Person("chief", "Ruth Adeyemi", "Chief editor"),
    Person("photo", "Amadou Sy", "Photo desk"),
    Person("subscriptions", "Jo Lindgren", "Subscriptions desk"),
    Person("reader", "Rina Sato"),
    Person("subscriber", "Sam Whitfield"),
    Person("lapsed", "Lou Farber"),
)


def open_accounts() -> dict[str, User]:
    """Make the accounts, their addresses confirmed; returns them by key."""
    # One hash serves all: the password is public, and each hash takes its time.
    password = make_password(PASSWORD)
    users = {person.key: _open(person, password) for person in PEOPLE}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True)
        for user in users.values()
    )
    return users


def _open(person: Person, password: str) -> User:
    user = User.objects.create(
        email=person.email,
        name=person.name,
        password=password,
        is_staff=bool(person.group) or person.is_operator,
        is_superuser=person.is_operator,
    )
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    return user


def introduce_authors(*, portraits: dict[str, Image], users: dict[str, User]) -> dict[str, Author]:
    """Make the authors with portraits, links and, where they have one, account; by slug."""
    by_email = {user.email: user for user in users.values()}
    authors = {}
    for facts in table("authors")["authors"]:
        author = Author.objects.create(
            slug=facts["slug"],
            name=facts["name"],
            role=facts["role"],
            bio=facts["bio"],
            portrait=portraits[facts["portrait"]],
            user=by_email[facts["account"]] if facts["account"] else None,
        )
        AuthorLink.objects.bulk_create(
            AuthorLink(author=author, position=position, **link)
            for position, link in enumerate(facts["links"])
        )
        authors[author.slug] = author
    return authors


def subscribe(*, users: dict[str, User], plans: dict[str, Plan], now: dt.datetime) -> None:
    """Give ``subscriber@`` a plan that runs, and ``lapsed@`` one that ended a week ago."""
    day = dt.timedelta(days=1)
    desk = users["subscriptions"]
    Subscription.objects.create(
        user=users["subscriber"],
        plan=plans["digital-yearly"],
        kind=Subscription.Kind.PAID,
        starts_at=now - 40 * day,
        ends_at=now + 325 * day,
        reason="Took out a year by bank transfer.",
        given_by=desk,
    )
    Subscription.objects.create(
        user=users["lapsed"],
        plan=plans["digital-monthly"],
        kind=Subscription.Kind.PAID,
        starts_at=now - 37 * day,
        ends_at=now - 7 * day,
        reason="Took out a month by bank transfer; not renewed.",
        given_by=desk,
    )


def follow(
    *, users: dict[str, User], authors: dict[str, Author], sections: dict[str, Section]
) -> None:
    """Let the readers follow a few people and sections."""
    Follow.objects.bulk_create(
        [
            Follow(user=users["reader"], author=authors["lisa-morgan"]),
            Follow(user=users["reader"], section=sections["science"]),
            Follow(user=users["subscriber"], author=authors["lisa-morgan"]),
            Follow(user=users["subscriber"], author=authors["david-okafor"]),
            Follow(user=users["subscriber"], section=sections["markets"]),
        ]
    )
