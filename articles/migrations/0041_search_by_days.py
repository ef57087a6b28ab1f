"""Each row of the search index on PostgreSQL says its day, as a word beside its words. Words lie in
their row: a phrase is looked up in each row that holds its words, and there half of that was
fetching them."""

from django.db import migrations

INDEX = "CREATE INDEX search_index_words ON search_index USING gin (words)"
ADD = (
    "DROP INDEX IF EXISTS search_index_words",
    "ALTER TABLE search_index ALTER COLUMN words SET STORAGE MAIN",
    """UPDATE search_index SET words = words || array_to_tsvector(
        ARRAY['@' || floor(extract(epoch FROM published_at) / 86400)::bigint])""",
    INDEX,
)
REMOVE = (
    "ALTER TABLE search_index ALTER COLUMN words SET STORAGE EXTENDED",
    """UPDATE search_index
    SET words = ts_delete(words, '@' || floor(extract(epoch FROM published_at) / 86400)::bigint)""",
)


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in ADD:
            schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in REMOVE:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0040_latest_changes")]

    operations = [migrations.RunPython(add, remove, elidable=False)]
