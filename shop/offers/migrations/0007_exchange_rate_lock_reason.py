from django.db import migrations, models


class Migration(migrations.Migration):
    """Who finds a rate locked learns why."""

    dependencies = [("offers", "0006_waiting_exchange_rate")]

    operations = [
        migrations.AddField(
            "exchangerate",
            "lock_reason",
            models.CharField(blank=True, max_length=200, verbose_name="чому зафіксовано"),
        )
    ]
