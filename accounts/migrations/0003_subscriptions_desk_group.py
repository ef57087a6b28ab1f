"""The subscriptions desk: plans and readers, no stories (rules §1)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

NAME = "Subscriptions desk"
RIGHTS = [
    "view_user",
    "change_user",
    "view_plan",
    "add_plan",
    "change_plan",
    "view_subscription",
    "add_subscription",
    "change_subscription",
    "view_device",
    "change_device",
    "view_deviceoverride",
    "add_deviceoverride",
    "change_deviceoverride",
    "delete_deviceoverride",
    "view_follow",
    "view_delivery",
    "change_delivery",
]


def make(apps, schema_editor):
    # Permissions are otherwise made after the last migration: too late for this group.
    config = apps.get_app_config("accounts")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=NAME)
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="accounts", codename__in=RIGHTS
    )
    group.permissions.add(*rights)


def unmake(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]
