"""Between the engines and the servers: translations, static files, tables, the first catalogue, the first manager.

``python -m shop.local.prepare PARTS``, a process of its own, so that the supervisor stays small.
"""

import hashlib
import sys

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from shop.local.home import Home
from shop.local.messages import compile_changed

STAFF_EMAIL = "staff@shop.example"


def main(parts: int) -> None:
    """Bring everything up to date; what has not changed costs nothing."""
    home = Home()
    compile_changed()
    django.setup()
    collect_changed_static(home)
    call_command("migrate", interactive=False, verbosity=0)
    load_first_catalogue(parts)
    make_first_manager(home)


def collect_changed_static(home: Home) -> None:
    """Hash and compress the static files again when one of them was edited, added or removed."""
    listing = sorted(
        f"{prefix}/{name} {status.st_size} {status.st_mtime_ns}"
        for finder in get_finders()
        for name, storage in finder.list([])
        for prefix, status in [(getattr(storage, "prefix", "") or "", (home.folder / storage.path(name)).stat())]
    )
    fingerprint = hashlib.sha256("\n".join([str(settings.STORAGES["staticfiles"]), *listing]).encode()).hexdigest()
    stamp = home.make("run") / "static-collected"
    if stamp.exists() and stamp.read_text() == fingerprint and home.static.exists():
        return
    print("  static files", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)


def load_first_catalogue(parts: int) -> None:
    """Reference data and a demo catalogue, once: a database with parts in it is left alone."""
    from shop.catalog.models import Part

    if Part.objects.exists():
        return
    call_command("load_reference")
    call_command("load_demo", parts=parts, seed=1)


def make_first_manager(home: Home) -> None:
    """A superuser with a random password, kept in ``$SHOP_HOME/staff-password``; a changed password stays changed."""
    password = home.secret("staff-password")
    people = get_user_model().objects
    if not people.filter(email=STAFF_EMAIL).exists():
        people.create_superuser(email=STAFF_EMAIL, password=password, surname="Керівник", given_name="Магазину")


if __name__ == "__main__":
    main(int(sys.argv[1]))
