"""What is typed about needs, offers and gifts."""
