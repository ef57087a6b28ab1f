"""A search for a common word goes down the dates of the index until it has a page."""

from django.db import migrations

INDEX = "search_index_newest"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE INDEX {INDEX} ON search_index (published_at DESC, published_id DESC)"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0028_flat_at_any_size")]

    operations = [migrations.RunPython(create, drop, elidable=False)]
