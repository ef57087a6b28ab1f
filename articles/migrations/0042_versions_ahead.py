"""The start page finds what is to go out without reading every version."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0041_search_by_days")]

    operations = [
        migrations.AddIndex(
            model_name="publishedversion",
            index=models.Index(
                condition=models.Q(("live_from__gt", models.F("created_at"))),
                fields=["live_from"],
                name="version_ahead_idx",
            ),
        ),
    ]
