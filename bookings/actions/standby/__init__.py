"""Wait on the spot for time to fall free, be called, answer within minutes."""

from bookings.actions.standby.answers import accept_call, leave_standby
from bookings.actions.standby.calls import call_standby
from bookings.actions.standby.clock import end_waits, expire_calls, remind_called
from bookings.actions.standby.entries import join_standby

__all__ = ["accept_call", "call_standby", "end_waits", "expire_calls", "join_standby", "leave_standby", "remind_called"]
