"""What people do in the room of a session: control, chat, guests, reports. Only the session row is locked here."""
