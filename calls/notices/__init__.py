"""The kinds of message that calls, awards and interests send."""
