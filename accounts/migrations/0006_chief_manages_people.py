"""The chief editor cares for the desk's accounts (rules §1)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

NAME = "Chief editor"
RIGHTS = ["view_user", "add_user", "change_user"]


def make(apps, schema_editor):
    # Permissions are otherwise made after the last migration: too late for this group.
    config = apps.get_app_config("accounts")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=NAME)
    group.permissions.add(*_rights(apps))


def unmake(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name=NAME):
        group.permissions.remove(*_rights(apps))


def _rights(apps):
    return apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="accounts", codename__in=RIGHTS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_delivery_work_indexes"),
        ("articles", "0003_desk_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]
