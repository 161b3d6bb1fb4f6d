"""Deeds of those who judge applications: checks, the panel, reviews."""
