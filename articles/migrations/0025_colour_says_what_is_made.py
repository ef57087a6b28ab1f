"""Say what a colour tells of a picture: that its public files are made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0024_find_pictures_by_all_their_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="image",
            name="colour",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Its average, as #8899aa, or clear; empty until its public files are made.",
                max_length=7,
            ),
        ),
    ]
