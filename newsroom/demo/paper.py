"""What surrounds the stories: the publication's facts, sections, topics, plain pages, plans."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Plan, Price
from articles.models import Image, PlainPage, Publication, Section, Topic
from newsroom.demo.reading import documents, table


def found() -> Publication:
    """Write down the facts of The Meridian. No coordinates: the demo asks nobody outside."""
    publication, _ = Publication.objects.update_or_create(pk=1, defaults=table("publication"))
    return publication


def lay_out_sections(pictures: Mapping[str, Image]) -> dict[str, Section]:
    """Make the sections in the order of the menu; returns them by slug."""
    return {
        facts["slug"]: Section.objects.create(
            position=position, fallback_image=pictures[facts.pop("fallback")], **facts
        )
        for position, facts in enumerate(table("sections")["sections"], start=1)
    }


def name_topics() -> dict[str, Topic]:
    """Make the topics; returns them by slug."""
    return {facts["slug"]: Topic.objects.create(**facts) for facts in table("topics")["topics"]}


def write_pages() -> None:
    """Make the plain pages of the footer."""
    for page in documents("pages"):
        PlainPage.objects.create(body=page.body, **page.facts)


def offer_plans() -> dict[str, Plan]:
    """Make the plans; returns them by slug."""
    return {
        facts["slug"]: _offer(facts.pop("prices"), position=position, **facts)
        for position, facts in enumerate(table("plans")["plans"], start=1)
    }


def _offer(prices: list[dict[str, Any]], **facts: Any) -> Plan:
    plan = Plan.objects.create(**facts)
    for position, price in enumerate(prices, start=1):
        Price.objects.create(plan=plan, position=position, **price)
    return plan
