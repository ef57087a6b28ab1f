"""The rights of the desk's acts (rules §1: roles)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITOR = ["approve_article", "correct_article", "view_correction"]
CHIEF = [*EDITOR, "retract_article", "lift_embargo", "read_archive", "erase_version", "view_event"]
RIGHTS = {"Editor": EDITOR, "Chief editor": CHIEF, "Reporter": ["view_correction"]}


def give(apps, schema_editor):
    # Permissions are otherwise made after the last migration: too late for these groups.
    config = apps.get_app_config("articles")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    for name, rights in _rights(apps):
        apps.get_model("auth", "Group").objects.get(name=name).permissions.add(*rights)


def take(apps, schema_editor):
    for name, rights in _rights(apps):
        apps.get_model("auth", "Group").objects.get(name=name).permissions.remove(*rights)


def _rights(apps):
    permissions = apps.get_model("auth", "Permission").objects
    for name, codenames in RIGHTS.items():
        yield name, permissions.filter(content_type__app_label="articles", codename__in=codenames)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_row_ids_are_unique")]

    operations = [migrations.RunPython(give, take)]
