"""Where parcels go: settlements, carriers and their pick-up points."""
