"""What the subscriptions desk may do besides: notes, addresses, mergers, the list as a file."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

NAME = "Subscriptions desk"
RIGHTS = ["view_note", "add_note", "export_readers", "correct_address", "merge_readers"]


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
        ("accounts", "0010_subscriptions_desk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]
