"""Each row of the search index on PostgreSQL says its day, as a word beside its words."""

from django.db import migrations

ADD = """
    UPDATE search_index SET words = words || array_to_tsvector(
        ARRAY['@' || floor(extract(epoch FROM published_at) / 86400)::bigint])
"""
REMOVE = """
    UPDATE search_index
    SET words = ts_delete(words, '@' || floor(extract(epoch FROM published_at) / 86400)::bigint)
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("articles", "0040_latest_changes")]

    operations = [migrations.RunPython(add, remove, elidable=False)]
