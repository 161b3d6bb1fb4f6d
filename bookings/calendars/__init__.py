"""Bookings as calendar programs read them: iCalendar (RFC 5545), in feeds by secret address and in mails (RFC 5546)."""
