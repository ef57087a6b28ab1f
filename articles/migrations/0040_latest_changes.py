"""The list of sitemaps reads the latest changes, and no span of numbers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0032_reads_of_stories")]

    operations = [
        migrations.RemoveIndex(model_name="publishedarticle", name="public_span_idx"),
        migrations.AddIndex(
            model_name="publishedarticle",
            index=models.Index(
                models.OrderBy(models.F("changed_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("withdrawn_at", None)),
                name="public_changed_idx",
            ),
        ),
    ]
