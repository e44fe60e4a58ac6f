"""The project package and the showcase: what is sold, for how much, how it is shown, delivered and told of."""

from shop.celery import app as celery_app

__all__ = ["celery_app"]
