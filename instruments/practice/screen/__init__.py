"""What stands on the instrument's screen, and what a click or key on it does."""
