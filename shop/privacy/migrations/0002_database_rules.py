from django.db import migrations

from shop.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [append_only("privacy_disclosure"), append_only("privacy_consent")]
