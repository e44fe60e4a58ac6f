"""The shelf keeps what lists sort by; pieces change with every price list and are read where they are shown."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("offers", "0007_exchange_rate_lock_reason")]

    operations: ClassVar = [
        migrations.RemoveField(model_name="partshelf", name="pieces"),
        migrations.RemoveField(model_name="partshelf", name="is_in_own_stock"),
    ]
