"""Pages over the apps below: home, search, category, part, car picker. No models."""
