from django.db import migrations

from shop.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("offers", "0001_initial")]
    operations = [append_only("offers_stockmovement")]
