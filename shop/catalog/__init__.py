"""What is sold: brands, categories, parts, their numbers, and which cars they fit."""
