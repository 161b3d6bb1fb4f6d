"""Pages of events: in public, on the desk, and their form."""
