"""The fixed cast of the tests, and plain builders of rows. Real rows, real files."""

import datetime as dt
import hashlib
import io
import itertools
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image as Pillow

from accounts.models import Plan, Subscription, User
from articles import publishing
from articles.models import (
    Article,
    Author,
    Byline,
    Image,
    Publication,
    PublishedArticle,
    Section,
    Source,
    Takeaway,
    Topic,
)
from articles.photos import library, uploads
from articles.photos.metadata import Metadata

PASSWORD = "correct horse battery"

PARAGRAPH = (
    "<p>The harbour office counted eleven ships on Tuesday, two more than the week before, and "
    "said the queue outside the breakwater would be gone by the weekend if the wind held. "
    "Nobody on the quay was willing to bet on the wind, least of all the pilots.</p>"
)
# Enough words behind the cut for a gated story.
BODY = PARAGRAPH * 2 + '<hr data-cut="">' + PARAGRAPH * 3

_number = itertools.count(1)


def ed() -> User:
    """Ed, who may do anything at the desk."""
    return _user("ed@example.com", name="Ed", is_staff=True, is_superuser=True)


def sam(**subscription: Any) -> User:
    """Sam, the subscriber."""
    user = _user("sam@example.com", name="Sam")
    make_subscription(user, **subscription)
    return user


def max_() -> User:
    """Max, who owns six devices and has a plan for five."""
    user = _user("max@example.com", name="Max")
    make_subscription(user)
    return user


def lapsed() -> User:
    """A subscriber until yesterday."""
    user = _user("lapsed@example.com", name="Lou")
    now = timezone.now()
    make_subscription(
        user,
        starts_at=now - dt.timedelta(days=40),
        ends_at=now - dt.timedelta(days=10),
    )
    return user


def registered() -> User:
    """A reader with an account and no plan."""
    return _user("ria@example.com", name="Ria")


def lisa() -> Author:
    """Lisa, the author."""
    author, _ = Author.objects.get_or_create(
        slug="lisa-berg",
        defaults={"name": "Lisa Berg", "role": "Harbour correspondent", "bio": "Lisa writes."},
    )
    return author


def _user(email: str, **fields: Any) -> User:
    user = User.objects.filter(email=email).first()
    return user or make_user(email, **fields)


def make_user(email: str = "", **fields: Any) -> User:
    """An account with a confirmed address and the cast's password."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(
        email or f"reader{next(_number)}@example.com", PASSWORD, **fields
    )
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


def make_plan(**fields: Any) -> Plan:
    fields = {"name": "Digital", "slug": "digital"} | fields
    plan, _ = Plan.objects.get_or_create(slug=fields.pop("slug"), defaults=fields)
    return plan


def make_subscription(user: User, **fields: Any) -> Subscription:
    now = timezone.now()
    defaults = {
        "plan": fields.pop("plan", None) or make_plan(),
        "kind": Subscription.Kind.PAID,
        "starts_at": now - dt.timedelta(days=1),
        "ends_at": now + dt.timedelta(days=30),
        "reason": "Paid by bank transfer",
    }
    return Subscription.objects.create(user=user, **(defaults | fields))


def make_section(name: str = "World", **fields: Any) -> Section:
    section, _ = Section.objects.get_or_create(slug=slugify(name), defaults={"name": name} | fields)
    return section


def make_topic(name: str = "Shipping", **fields: Any) -> Topic:
    topic, _ = Topic.objects.get_or_create(slug=slugify(name), defaults={"name": name} | fields)
    return topic


def make_publication(**fields: Any) -> Publication:
    publication, _ = Publication.objects.update_or_create(
        pk=1,
        defaults={"name": "The Testing Post", "place": "New York", "zone": "America/New_York"}
        | fields,
    )
    return publication


def make_image(*, size: tuple[int, int] = (1200, 800), **words: Any) -> Image:
    """A real JPEG taken into the library as an upload is, with all rights unless told otherwise."""
    checked = _as_checked(jpeg(size, colour=(40, 90, next(_number) % 255)), size)
    defaults = {
        "creator": "Ana Duarte",
        "credit": "Ana Duarte / Testing Pictures",
        "licence": "staff",
        "caption": "Ships wait outside the harbour.",
        "alt_text": "Three ships on a grey sea.",
    }
    return library.add(Image(**(defaults | words)), checked, by=None)


def _as_checked(data: bytes, size: tuple[int, int]) -> uploads.Checked:
    """What a check says of a JPEG of ours; each real one starts a process."""
    return uploads.Checked(
        file=ContentFile(data, "harbour.jpg"),
        format=Image.Format.JPEG,
        width=size[0],
        height=size[1],
        frames=1,
        content_hash=hashlib.sha256(data).hexdigest(),
        metadata=Metadata(),
    )


def jpeg(size: tuple[int, int], *, colour: tuple[int, int, int] = (40, 90, 120)) -> bytes:
    """The bytes of a plain JPEG of that many pixels."""
    out = io.BytesIO()
    Pillow.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def make_article(
    *,
    authors: list[Author] | None = None,
    takeaways: list[tuple[str, str]] | None = None,
    sources: list[dict[str, str]] | None = None,
    topics: list[Topic] | None = None,
    **fields: Any,
) -> Article:
    """A working copy that may be published as it is."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "headline": f"Eleven ships wait for the wind, part {number}",
        "standfirst": "The queue is shrinking.",
        "slug": f"eleven-ships-{number}",
        "body": BODY,
    }
    if "section" not in fields:
        fields["section"] = make_section()
    article = Article.objects.create(**(defaults | fields))
    for position, author in enumerate([lisa()] if authors is None else authors):
        Byline.objects.create(article=article, author=author, position=position)
    for position, (label, text) in enumerate(takeaways or []):
        Takeaway.objects.create(article=article, label=label, text=text, position=position)
    for position, source in enumerate(sources or []):
        Source.objects.create(article=article, position=position, **source)
    article.topics.set(topics or [])
    return article


def publish(article: Article, **options: Any) -> PublishedArticle:
    """Publish by Ed, through the door."""
    return publishing.publish(article, editor=ed(), **options)


def make_story(*, at: dt.datetime | None = None, **fields: Any) -> PublishedArticle:
    """A story that readers see."""
    return publish(make_article(**fields), at=at)


def staff(group: str, **fields: Any) -> User:
    """Someone of the desk in one of its groups, as "Reporter" or "Chief editor"."""
    name = group.lower().replace(" ", "-")
    user = _user(f"{name}@example.com", **({"name": group, "is_staff": True} | fields))
    user.groups.add(Group.objects.get(name=group))
    return user
