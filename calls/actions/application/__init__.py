"""Deeds of applications: writing, submitting, answering, withdrawing, and what the clock does to them."""
