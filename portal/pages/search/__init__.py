"""One search over all that the public may find: `finding` asks, `lines` shows, `words` forgives what was mistyped."""
