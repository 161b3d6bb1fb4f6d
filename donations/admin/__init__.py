"""The back office of donations."""
