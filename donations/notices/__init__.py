"""The kinds of message that donations send."""
