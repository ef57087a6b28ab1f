"""The index's foreign key goes: it belongs to no model, and with it no table of stories could be
emptied on PostgreSQL (TRUNCATE knows only the tables it is told). Rows are removed by the door."""

from django.db import migrations

CONSTRAINT = "search_index_published_id_fkey"


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE search_index DROP CONSTRAINT {CONSTRAINT}")


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""ALTER TABLE search_index ADD CONSTRAINT {CONSTRAINT} FOREIGN KEY (published_id)
            REFERENCES articles_publishedarticle (id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED"""
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_search_index")]

    operations = [migrations.RunPython(drop, add, elidable=False)]
