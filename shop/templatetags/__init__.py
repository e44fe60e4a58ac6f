"""Template tags known to every template."""
