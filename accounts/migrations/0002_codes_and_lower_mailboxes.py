"""Mailboxes in lower case, as allauth looks for them; what the limits of codes count."""

import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Lower


def lower(apps, schema_editor):
    """No two accounts differ by case alone: a constraint has seen to that from the first day."""
    apps.get_model("accounts", "Customer").objects.exclude(email=Lower("email")).update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalog", "0010_words_of_unknown_cars"),
    ]

    operations = [
        migrations.RunPython(lower, migrations.RunPython.noop),
        migrations.CreateModel(
            name="GuessedCode",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("guesses", models.PositiveSmallIntegerField(default=1)),
                ("first_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="SentCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("receiver_hash", models.CharField(max_length=64)),
                ("address_hash", models.CharField(max_length=64)),
                ("is_sms", models.BooleanField()),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="customer",
            name="customer_email_once",
        ),
        migrations.AlterField(
            model_name="customer",
            name="email",
            field=models.EmailField(max_length=254, unique=True, verbose_name="електронна пошта"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="customer_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("phone_proved_at__isnull", True), models.Q(("phone", ""), _negated=True), _connector="OR"
                ),
                name="customer_proved_phone_is_there",
            ),
        ),
        migrations.AddIndex(
            model_name="guessedcode",
            index=models.Index(fields=["first_at"], name="guessed_code_time"),
        ),
        migrations.AddIndex(
            model_name="sentcode",
            index=models.Index(fields=["receiver_hash", "sent_at"], name="sent_code_receiver"),
        ),
        migrations.AddIndex(
            model_name="sentcode",
            index=models.Index(fields=["address_hash", "sent_at"], name="sent_code_address"),
        ),
        migrations.AddIndex(
            model_name="sentcode",
            index=models.Index(fields=["sent_at"], name="sent_code_time"),
        ),
    ]
