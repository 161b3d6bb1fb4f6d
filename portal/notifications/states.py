"""The moves of a notification: verb -> (from, to).

The clock makes all of them but two: `retry` is an admin's, `withdraw` happens when its reader wants no more of a kind.
"""

from portal.notifications.enums import State

MOVES = {
    "mark": ({State.PENDING}, State.SENDING),
    "send": ({State.SENDING}, State.SENT),
    "fail": ({State.SENDING}, State.FAILED),
    "suppress": ({State.SENDING}, State.SUPPRESSED),
    "postpone": ({State.SENDING}, State.PENDING),
    "sweep": ({State.SENDING}, State.PENDING),
    "withdraw": ({State.PENDING}, State.SUPPRESSED),
    "retry": ({State.FAILED}, State.PENDING),
}
