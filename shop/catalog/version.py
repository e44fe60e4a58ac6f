"""The version of the catalogue, under its usual address; it lives below, so that cars may be kept under it as well."""

from shop.lib.version import KEY, PerVersion, bump_catalogue_version, catalogue_version, known_version, pinned

__all__ = ["KEY", "PerVersion", "bump_catalogue_version", "catalogue_version", "known_version", "pinned"]
