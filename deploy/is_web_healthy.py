"""Exit 0 when this container's gunicorn says it is ready; Docker's health check."""

import os
import urllib.request

request = urllib.request.Request(
    "http://127.0.0.1:8000/healthz", headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0]}
)
urllib.request.urlopen(request, timeout=4).close()  # noqa: S310
