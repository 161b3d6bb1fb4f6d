"""What workers do for stories and events."""
