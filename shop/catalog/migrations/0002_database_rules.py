from django.db import migrations


class Migration(migrations.Migration):
    """A fitment's category is a copy of its part's; this key keeps the copy true, and moves it with the part."""

    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE catalog_fitment ADD CONSTRAINT fitment_part_in_category "
            "FOREIGN KEY (part_id, category_id) REFERENCES catalog_part (id, category_id) ON UPDATE CASCADE",
            reverse_sql="ALTER TABLE catalog_fitment DROP CONSTRAINT fitment_part_in_category",
        ),
    ]
