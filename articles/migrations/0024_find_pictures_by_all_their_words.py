"""Fill ``search_text`` of the pictures that came before it, and index what the list sorts by."""

from django.db import migrations, models

from articles.photos.search_words import search_text

AT_ONCE = 500


def fill(apps, schema_editor):
    pictures = apps.get_model("articles", "Image").objects.filter(search_text="")
    some = []
    for picture in pictures.iterator(chunk_size=AT_ONCE):
        picture.search_text = search_text(picture)
        some.append(picture)
        if len(some) == AT_ONCE:
            pictures.model.objects.bulk_update(some, ["search_text"])
            some = []
    pictures.model.objects.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0023_picture_events_and_notices"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["-created_at", "-id"], name="image_newest_first"),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["creator"], name="image_creator"),
        ),
    ]
