"""The groups of the desk, with least rights (rules §1)."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

REPORTER = [
    "view_article",
    "add_article",
    "change_own_article",
    "view_image",
    "add_image",
    "change_own_image",
    "view_section",
    "view_topic",
    "view_author",
]
EDITOR = [
    "view_article",
    "add_article",
    "change_article",
    "publish_article",
    "view_image",
    "add_image",
    "change_image",
    "view_section",
    "view_author",
    "view_topic",
    "add_topic",
    "change_topic",
]
CHIEF = [
    *EDITOR,
    "add_section",
    "change_section",
    "delete_section",
    "delete_topic",
    "add_author",
    "change_author",
    "delete_author",
    "add_authorlink",
    "change_authorlink",
    "delete_authorlink",
    "view_authorlink",
    "view_publication",
    "change_publication",
    "view_plainpage",
    "add_plainpage",
    "change_plainpage",
    "delete_plainpage",
]
PHOTO = ["view_image", "add_image", "change_image", "delete_image"]

GROUPS = {"Reporter": REPORTER, "Editor": EDITOR, "Chief editor": CHIEF, "Photo desk": PHOTO}


def make(apps, schema_editor):
    # Permissions are otherwise made after the last migration: too late for these groups.
    config = apps.get_app_config("articles")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        rights = Permission.objects.filter(
            content_type__app_label="articles", codename__in=codenames
        )
        group.permissions.add(*rights)


def unmake(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_published_revision"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, unmake)]
