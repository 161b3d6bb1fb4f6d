"""What donations do later and by the clock."""
