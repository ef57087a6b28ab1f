"""Keep with a picture what its file says: rights, making, and all of it as it came in."""

from django.db import migrations, models

import articles.models.images


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0018_the_publication"),
    ]

    operations = [
        migrations.AddField(
            model_name="image",
            name="alt_text_reviewed",
            field=models.BooleanField(
                default=True,
                editable=False,
                help_text="Not so for an alt text from the file, until a person has seen it.",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="data_mining",
            field=models.CharField(
                blank=True, help_text="What its owner lets machines do with it.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="date_created",
            field=models.CharField(
                blank=True,
                help_text="As exactly as it is known: 2026, 2026-03 or 2026-03-14T09:30+01:00.",
                max_length=40,
                validators=[articles.models.images.validate_moment],
                verbose_name="made on",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="digital_source_type",
            field=models.CharField(blank=True, max_length=200, verbose_name="how it was made"),
        ),
        migrations.AddField(
            model_name="image",
            name="file_metadata",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What the file said on its arrival, by property: value, source and all sources.",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="licensor_url",
            field=models.URLField(
                blank=True,
                help_text="Where a licence can be had.",
                max_length=500,
                verbose_name="licensor’s page",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="unreadable_metadata",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="What of it could not be read: xmp, iim, exif, file; with spaces between.",
                max_length=40,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="web_statement",
            field=models.URLField(
                blank=True,
                help_text="The page that says what the rights are.",
                max_length=500,
                verbose_name="rights on the web",
            ),
        ),
    ]
