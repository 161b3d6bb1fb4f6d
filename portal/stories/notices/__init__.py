"""The kinds of message about stories and events."""
