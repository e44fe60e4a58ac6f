"""``import_fitment SOURCE FILE``: take a file of cars that parts fit into the catalogue, or only try it."""

from shop.catalog.loading.commanding import CatalogFileCommand
from shop.catalog.models import CatalogFile


class Command(CatalogFileCommand):
    help = "Take in a file of cars that parts fit (docs/catalogue-files.md). With --trial nothing is changed."
    kind = CatalogFile.Kind.FITMENT
