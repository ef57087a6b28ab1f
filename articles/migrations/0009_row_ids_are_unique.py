import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_name_rows")]

    operations = [
        *(
            migrations.AlterField(
                model_name=name,
                name="uid",
                field=models.UUIDField(default=uuid.uuid4, editable=False),
            )
            for name in ("byline", "source", "takeaway")
        ),
        *(
            migrations.AddConstraint(
                model_name=name,
                constraint=models.UniqueConstraint(
                    fields=("article", "uid"), name=f"{name}_uid_once"
                ),
            )
            for name in ("byline", "source", "takeaway")
        ),
    ]
