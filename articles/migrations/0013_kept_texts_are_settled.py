"""A text kept from a conflict waits until its writer has chosen."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def settle_old_ones(apps, schema_editor):
    """Those of before did not wait: their writers had both texts on one page."""
    revision = apps.get_model("articles", "Revision")
    revision.objects.filter(reason="conflict").update(settled_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_desk_preferences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(settle_old_ones, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_at", None), ("reason", "conflict"), _connector="OR"),
                name="revision_settled_was_kept_from_a_conflict",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("reason", "conflict"), ("settled_at", None)),
                fields=["article", "created_by"],
                name="revision_waiting_idx",
            ),
        ),
    ]
