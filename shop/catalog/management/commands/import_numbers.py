"""``import_numbers SOURCE FILE``: take a file of numbers of parts into the catalogue, or only try it."""

from shop.catalog.loading.commanding import CatalogFileCommand
from shop.catalog.models import CatalogFile


class Command(CatalogFileCommand):
    help = "Take in a file of numbers of parts (docs/catalogue-files.md). With --trial nothing is changed."
    kind = CatalogFile.Kind.NUMBERS
