"""Stand-ins for companies the shop talks to: their real HTTP, on loopback. One module per provider, each a WSGI app."""
