"""PostgreSQL knows how few stories were saved since readers saw them last."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan

STATISTICS = "articles_article_ahead"


def keep_statistics(apps, schema_editor):
    """Of a difference it keeps none by itself, and then takes a third of all for the answer."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE STATISTICS {STATISTICS} ON (head - public_revision) FROM articles_article"
        )
        schema_editor.execute("ANALYZE articles_article")


def drop_statistics(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP STATISTICS {STATISTICS}")


class Migration(migrations.Migration):
    dependencies = [("articles", "0035_versions_ahead")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_changed_idx"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=Q(GreaterThan(F("head") - F("public_revision"), 0)),
                fields=["-saved_at", "-id"],
                name="article_ahead_idx",
            ),
        ),
        migrations.RunPython(keep_statistics, drop_statistics),
    ]
