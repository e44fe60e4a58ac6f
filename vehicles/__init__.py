"""Cars: makes, models, generations and modifications, and the car a visitor has chosen."""
