"""Is this process fit to answer? For balancers and `bin/up`: plain text, never cached, no path to anything private."""

from typing import Any

from django.http import HttpResponse
from health_check.views import HealthCheckView


class Health(HealthCheckView):
    """200 when the database answers. Valkey is left out: without it pages are slower, orders still succeed."""

    checks: tuple[str, ...] = ("health_check.checks.Database",)

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponse:
        """Text also for those who accept anything; a page would need templates that may be what broke."""
        answer: HttpResponse = self.render_to_response_text(response.get("status"))
        return answer


class WholeHealth(Health):
    """For monitoring: what the shop can live without is checked too."""

    checks = ("health_check.checks.Database", "health_check.checks.Cache")
