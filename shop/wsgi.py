"""What gunicorn runs. It loads this once and parts into processes afterwards, which share what is in memory by then."""

from django.core.wsgi import get_wsgi_application

from shop.catalog.words import open_dictionaries

application = get_wsgi_application()
open_dictionaries()
