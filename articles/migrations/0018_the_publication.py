"""Make the one row of facts about this site, so that its page is there before anybody looks."""

from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("articles", "Publication").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_seal_what_was_public")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
