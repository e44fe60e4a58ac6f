"""``manage.py load_reference``: what the shop knows before it sells anything."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

import orders.reference
import shop.catalog.reference
import shop.catalog.reference_repairs
import shop.delivery.reference
import shop.privacy.reference
import vehicles.reference
from shop.lib.copying import Changes
from shop.lib.locks import Busy, Lock, advisory_lock
from shop.lib.version import bump_catalogue_version


class Command(BaseCommand):
    help = (
        "Load cars, categories, brands, attributes, places, carriers, legal texts and payment rules. "
        "Safe to run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        subjects = {
            "Cars": vehicles.reference.load,
            "Catalogue": shop.catalog.reference.load,
            "Repairs": shop.catalog.reference_repairs.load,
            "Delivery": shop.delivery.reference.load,
            "Legal texts": shop.privacy.reference.load,
            "Payment rules": orders.reference.load,
        }
        total = Changes()
        try:
            with advisory_lock(Lock.REFERENCE_LOAD):
                for name, load in subjects.items():
                    changes = load()
                    total += changes
                    if options["verbosity"] > 1:
                        self.stdout.write(f"{name}: {_told(changes)}")
        except Busy as error:
            raise CommandError("The reference data is being loaded by another process.") from error
        if total:
            bump_catalogue_version()
        self.stdout.write(f"Reference data: {_told(total)}")


def _told(changes: Changes) -> str:
    if not changes:
        return "up to date, nothing written."
    return f"{changes.added} added, {changes.changed} changed, {changes.retired} retired."
