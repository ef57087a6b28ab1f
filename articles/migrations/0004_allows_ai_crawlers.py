from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_desk_groups")]

    operations = [
        migrations.AddField(
            "publication",
            "allows_ai_crawlers",
            models.BooleanField(
                default=False,
                help_text="Otherwise robots.txt asks GPTBot, CCBot and their like to stay away.",
                verbose_name="open to crawlers that train models",
            ),
        ),
    ]
