"""Plain modules without models, one subject each; every app may import them, they import none."""
