"""What stories do when something is announced."""
