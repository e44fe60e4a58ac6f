from django.db import migrations


def make_roles(apps, schema_editor):
    """The groups; their rights are the table in shop.backoffice.roles, applied after every migration."""
    group = apps.get_model("auth", "Group")
    for name in ("manager", "content", "warehouse"):
        group.objects.get_or_create(name=name)


def drop_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["manager", "content", "warehouse"]).delete()


class Migration(migrations.Migration):
    """This app keeps no rows of its own; it says who works here."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("accounts", "0001_initial"),
    ]
    operations = [migrations.RunPython(make_roles, drop_roles)]
