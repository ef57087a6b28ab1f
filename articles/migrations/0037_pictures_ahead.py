"""The next licence to begin is found without reading every picture."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0036_stories_ahead")]

    operations = [
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=models.Q(("licence_starts__isnull", False)),
                fields=["licence_starts"],
                name="image_soonest_start",
            ),
        ),
    ]
