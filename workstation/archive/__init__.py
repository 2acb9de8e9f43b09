"""How bytes arrive and how they are kept: the only room that knows HTTP, proxies and TLS."""
