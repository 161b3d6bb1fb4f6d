"""Deeds of calls: draft, publish, extend, withdraw, archive."""
