"""base: true everywhere. local: `bin/up`. test: `bin/test`. prod: a server; secrets from the environment."""
