"""``manage.py load_demo``: a whole catalogue to look at, to test on and to measure."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.catalog.models import Category
from shop.lib.version import bump_catalogue_version
from shop.local.demo.loading import CatalogueInUse, Demo, analyze, has_parts, load
from shop.local.demo.progress import Progress


class Command(BaseCommand):
    help = (
        "Load a made-up catalogue: parts, numbers, fitments, offers, stock. The same size and seed give the same one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parts", type=int, default=20_000, help="how many parts (20000)")
        parser.add_argument("--seed", type=int, default=1, help="another number makes another catalogue (1)")
        parser.add_argument("--replace", action="store_true", help="throw away the parts, offers and baskets there are")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["parts"] < 1:
            raise CommandError("--parts must be at least 1.")
        if has_parts() and not options["replace"]:
            raise CommandError("There are parts already; --replace throws them away, with offers, stock and baskets.")
        if not Category.objects.exists():
            call_command("load_reference", verbosity=options["verbosity"])
        progress = Progress(options["parts"], quiet=options["quiet"])
        try:
            load(Demo(parts=options["parts"], seed=options["seed"]), progress)
        except CatalogueInUse as error:
            raise CommandError(f"The parts are in use and cannot be replaced: rows in {error}.") from error
        analyze()
        bump_catalogue_version()
        progress.finish(f"{options['parts']:,} parts")
