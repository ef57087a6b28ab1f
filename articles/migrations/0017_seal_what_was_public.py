"""Begin the chain of proof with every version there is, in the order in which they went out."""

from django.db import migrations

from articles.proof import keys, marks


def seal(apps, schema_editor):
    Link = apps.get_model("articles", "ProofLink")
    versions = apps.get_model("articles", "PublishedVersion").objects
    if not versions.exists():
        return
    key, number, mark, batch = keys.current(), 0, "", []
    for link in _links(Link, versions, key):
        number += 1
        link.number, link.previous, link.key_id = number, mark, key.id
        mark = link.mark = marks.of_link(link, key)
        batch.append(link)
        if len(batch) == 500:
            Link._base_manager.bulk_create(batch)
            batch = []
    Link._base_manager.bulk_create(batch)
    apps.get_model("articles", "ProofHead").objects.create(
        pk=1, number=number, mark=mark, key_id=key.id, seal=marks.of_head(number, mark, key)
    )


def _links(link, versions, key):
    for version in versions.order_by("live_from", "article_id", "number").iterator(chunk_size=50):
        content_mac = marks.of_content(version.content, key)
        yield link(kind="version", content_mac=content_mac, **_facts(version))
    withdrawn = versions.exclude(withdrawn_at=None).defer("content")
    for version in withdrawn.order_by("withdrawn_at", "article_id", "number").iterator(2000):
        yield link(kind="withdrawal", withdrawn_at=version.withdrawn_at, **_facts(version))


def _facts(version):
    return {
        "article_id": version.article_id,
        "version": version.number,
        "content_hash": version.content_hash,
        "live_from": version.live_from,
        "created_at": version.created_at,
    }


def break_off(apps, schema_editor):
    for name in ("ProofLink", "ProofHead"):
        apps.get_model("articles", name)._base_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_chain_of_proof")]

    operations = [migrations.RunPython(seal, break_off)]
