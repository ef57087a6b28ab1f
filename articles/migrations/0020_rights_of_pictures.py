"""Pictures: licences with bounds and uses, blocking, focal point, and files that were replaced."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_what_the_file_says"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("image", "licence", "licence_terms"),
        migrations.AlterField(
            model_name="image",
            name="licence_terms",
            field=models.CharField(
                blank=True,
                help_text="What else was agreed, as One use, not on covers.",
                max_length=300,
                verbose_name="terms",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="licence",
            preserve_default=False,
            field=models.CharField(
                blank=True,
                default="",
                choices=[
                    ("own", "Our own"),
                    ("staff", "Staff photographer"),
                    ("agency", "Agency"),
                    ("commissioned", "Commissioned"),
                    ("handout", "Handout"),
                    ("cc", "Creative Commons"),
                    ("public_domain", "Public domain"),
                    ("permission", "With permission"),
                ],
                help_text="What allows us to print it.",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="FormerFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(max_length=200, upload_to="")),
                ("original_name", models.CharField(blank=True, max_length=255)),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("jpeg", "JPEG"),
                            ("png", "PNG"),
                            ("webp", "WebP"),
                            ("avif", "AVIF"),
                            ("gif", "GIF"),
                        ],
                        max_length=8,
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("file_metadata", models.JSONField(default=dict)),
                ("replaced_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-replaced_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("retired_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AlterModelOptions(
            name="image",
            options={
                "ordering": ["-created_at", "-id"],
                "permissions": [
                    ("change_own_image", "Can change pictures they uploaded"),
                    ("block_image", "Can block a picture everywhere, and let it go again"),
                ],
                "verbose_name": "picture",
            },
        ),
        migrations.AddField(
            model_name="image",
            name="block_reason",
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="image",
            name="blocked_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="image",
            name="blocked_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="cc_licence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("cc0-1.0", "CC0 1.0"),
                    ("by-4.0", "CC BY 4.0"),
                    ("by-sa-4.0", "CC BY-SA 4.0"),
                    ("by-nd-4.0", "CC BY-ND 4.0"),
                    ("by-nc-4.0", "CC BY-NC 4.0"),
                    ("by-nc-sa-4.0", "CC BY-NC-SA 4.0"),
                    ("by-nc-nd-4.0", "CC BY-NC-ND 4.0"),
                    ("by-3.0", "CC BY 3.0"),
                    ("by-sa-3.0", "CC BY-SA 3.0"),
                    ("by-nd-3.0", "CC BY-ND 3.0"),
                    ("by-nc-3.0", "CC BY-NC 3.0"),
                    ("by-nc-sa-3.0", "CC BY-NC-SA 3.0"),
                    ("by-nc-nd-3.0", "CC BY-NC-ND 3.0"),
                    ("by-2.5", "CC BY 2.5"),
                    ("by-sa-2.5", "CC BY-SA 2.5"),
                    ("by-nd-2.5", "CC BY-ND 2.5"),
                    ("by-nc-2.5", "CC BY-NC 2.5"),
                    ("by-nc-sa-2.5", "CC BY-NC-SA 2.5"),
                    ("by-nc-nd-2.5", "CC BY-NC-ND 2.5"),
                    ("by-2.0", "CC BY 2.0"),
                    ("by-sa-2.0", "CC BY-SA 2.0"),
                    ("by-nd-2.0", "CC BY-ND 2.0"),
                    ("by-nc-2.0", "CC BY-NC 2.0"),
                    ("by-nc-sa-2.0", "CC BY-NC-SA 2.0"),
                    ("by-nc-nd-2.0", "CC BY-NC-ND 2.0"),
                ],
                help_text="With its version.",
                max_length=16,
                verbose_name="which one",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="colour",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Its average, as #8899aa, shown until the file is there.",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focal_x",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="Percent from the left: crops keep this place.",
                verbose_name="across",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focal_y",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="Percent from the top: crops keep this place.",
                verbose_name="down",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="frames",
            field=models.PositiveSmallIntegerField(
                default=1, editable=False, help_text="More than one: it moves."
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="in_mail",
            field=models.BooleanField(
                default=True, help_text="Alerts and newsletters.", verbose_name="mail"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="licence_ends",
            field=models.DateTimeField(
                blank=True, help_text="The picture goes at this moment. Empty: never.", null=True
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="licence_starts",
            field=models.DateTimeField(
                blank=True,
                help_text="The picture is shown nowhere before. Empty: at once.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="on_social",
            field=models.BooleanField(
                default=True,
                help_text="The card that networks show of a story.",
                verbose_name="social",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="on_web",
            field=models.BooleanField(
                default=True, help_text="Pages, lists and feeds of this site.", verbose_name="web"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="search_text",
            field=models.TextField(
                blank=True,
                editable=False,
                help_text="All words of it and of its file, in small letters.",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="section",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the library files it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.section",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="warned_of_end",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="The end that the desk was told of.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="withdrawn_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When its public files were removed, blocked or at the end of its licence.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="section",
            name="fallback_image",
            field=models.ForeignKey(
                blank=True,
                help_text="Stands in for a picture whose licence has ended or that is blocked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.image",
                verbose_name="fallback picture",
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=models.Q(("licence_ends__isnull", False)),
                fields=["licence_ends"],
                name="image_soonest_end",
            ),
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(
                condition=models.Q(("blocked_at__isnull", False)),
                fields=["blocked_at"],
                name="image_blocked",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("licence", "cc"), ("cc_licence", ""), _connector="XOR"),
                name="image_cc_says_which",
                violation_error_message="Creative Commons has several licences: choose which one, and only then.",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("licence_starts", None),
                    ("licence_ends", None),
                    ("licence_starts__lt", models.F("licence_ends")),
                    _connector="OR",
                ),
                name="image_licence_ends_after_its_start",
                violation_error_message="The licence must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("focal_x__lte", 100), ("focal_y__lte", 100)),
                name="image_focal_point_inside",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("blocked_at", None),
                    models.Q(("block_reason", ""), _negated=True),
                    _connector="XOR",
                ),
                name="image_blocked_for_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="formerfile",
            name="image",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_files",
                to="articles.image",
            ),
        ),
        migrations.AddField(
            model_name="formerfile",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
