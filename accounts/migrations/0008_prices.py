"""What plans cost, kept by the subscriptions desk."""

import django.core.validators
import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import accounts.models.plans

RIGHTS = ["view_price", "add_price", "change_price", "delete_price"]


def let_keep(apps, schema_editor):
    # Permissions are otherwise made after the last migration: too late for this group.
    config = apps.get_app_config("accounts")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    config.models_module = None
    rights = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="accounts", codename__in=RIGHTS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Subscriptions desk"):
        group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_openings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "interval",
                    models.CharField(choices=[("month", "Month"), ("year", "Year")], max_length=8),
                ),
                (
                    "currency",
                    models.CharField(
                        help_text="ISO 4217, as USD or EUR.",
                        max_length=3,
                        validators=[accounts.models.plans.validate_currency],
                    ),
                ),
                (
                    "amount",
                    models.PositiveIntegerField(
                        help_text="In the currency’s smallest unit: 400 is $4, and 400 is ¥400.",
                        validators=[django.core.validators.MinValueValidator(1)],
                    ),
                ),
                (
                    "trial_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Free at the beginning. 0: none.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="trial, days",
                    ),
                ),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="accounts.plan",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_offered", True)),
                        fields=("plan", "interval", "currency"),
                        name="price_offered_once",
                        violation_error_message="This plan has a price for that interval and currency.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 1)), name="price_costs_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trial_days__lte", 365)), name="price_trial_sane"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("interval__in", ["month", "year"])),
                        name="price_interval_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(let_keep, migrations.RunPython.noop),
    ]
