"""Every write of donations that matters."""
