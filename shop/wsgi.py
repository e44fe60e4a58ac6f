"""What gunicorn runs. It loads this once and parts into processes afterwards, which share what is in memory by then."""

import gc

from django.core.wsgi import get_wsgi_application

from shop.catalog.words import open_dictionaries

application = get_wsgi_application()
open_dictionaries()
# Nothing loaded so far is ever garbage: the collector need not walk through it again, nor copy its pages by touching.
gc.freeze()
# A page makes some tens of thousands of objects; the default looks through the young ones every 2,000.
gc.set_threshold(20_000, 10, 50)
