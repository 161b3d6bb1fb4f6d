"""What donations do when a lower app announces something."""
