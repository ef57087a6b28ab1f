"""Give each row its own id, and say of what is public that all that follows has been done."""

import uuid

from django.db import migrations
from django.db.models import F


def name_rows(apps, schema_editor):
    for name in ("Byline", "Takeaway", "Source"):
        model = apps.get_model("articles", name)
        rows = []
        for row in model.objects.only("pk").order_by("pk").iterator(chunk_size=2000):
            row.uid = uuid.uuid4()
            rows.append(row)
            if len(rows) == 1000:
                model.objects.bulk_update(rows, ["uid"])
                rows = []
        model.objects.bulk_update(rows, ["uid"])
    apps.get_model("articles", "PublishedArticle").objects.update(settled_at=F("published_at"))


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_the_desk")]

    operations = [migrations.RunPython(name_rows, migrations.RunPython.noop)]
