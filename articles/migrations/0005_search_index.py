"""The search index: FTS5 on SQLite, a tsvector on PostgreSQL. No model stands behind it."""

from django.db import migrations

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, tokenize = 'porter unicode61')",
    ),
    "postgresql": (
        """CREATE TABLE search_index (
            published_id bigint PRIMARY KEY
                REFERENCES articles_publishedarticle (id) ON DELETE CASCADE
                DEFERRABLE INITIALLY DEFERRED,
            published_at timestamptz NOT NULL,
            words tsvector NOT NULL)""",
        "CREATE INDEX search_index_words ON search_index USING gin (words)",
    ),
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_index")


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_allows_ai_crawlers")]

    operations = [migrations.RunPython(create, drop, elidable=False)]
