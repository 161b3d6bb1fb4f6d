"""Every write of bookings and sessions."""
