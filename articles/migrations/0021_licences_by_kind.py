"""The kind of each licence where its words said it, and who may block a picture."""

import re

from django.contrib.auth.management import create_permissions
from django.db import migrations

BLOCKING = ["Photo desk", "Chief editor"]
KINDS = {
    "own": "own",
    "our own": "own",
    "staff": "staff",
    "agency": "agency",
    "commissioned": "commissioned",
    "handout": "handout",
    "public domain": "public_domain",
}
VERSIONS = {"4.0", "3.0", "2.5", "2.0"}
CC = re.compile(r"^CC[ -](BY(?:-NC)?(?:-SA|-ND)?)[ -](\d\.\d)$", re.IGNORECASE)


def name_kinds(apps, schema_editor):
    """What says no kind keeps its words and has none: a person must choose."""
    rows = apps.get_model("articles", "Image").objects
    for pk, terms in rows.exclude(licence_terms="").values_list("pk", "licence_terms").iterator():
        found = CC.match(terms.strip())
        if found and found[2] in VERSIONS:
            code = f"{found[1].lower()}-{found[2]}"
            rows.filter(pk=pk).update(licence="cc", cc_licence=code)
        elif kind := KINDS.get(terms.strip().casefold()):
            rows.filter(pk=pk).update(licence=kind)


def let_block(apps, schema_editor):
    config = apps.get_app_config("articles")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    right = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="articles", codename="block_image"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=BLOCKING):
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_rights_of_pictures")]

    operations = [
        migrations.RunPython(name_kinds, migrations.RunPython.noop),
        migrations.RunPython(let_block, migrations.RunPython.noop),
    ]
