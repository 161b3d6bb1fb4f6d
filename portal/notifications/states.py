"""The moves of a notification: verb -> (from, to).

The clock makes all of them but three: `retry` is an admin's, `withdraw` happens when its reader wants no more of a
kind, `release` when a reader of digests wants to hear at once from now on.
"""

from portal.notifications.enums import State

MOVES = {
    "mark": ({State.PENDING}, State.SENDING),
    "send": ({State.SENDING}, State.SENT),
    "fail": ({State.SENDING}, State.FAILED),
    "suppress": ({State.SENDING}, State.SUPPRESSED),
    "postpone": ({State.SENDING}, State.PENDING),
    "sweep": ({State.SENDING}, State.PENDING),
    "merge": ({State.HELD}, State.MERGED),
    "release": ({State.HELD}, State.PENDING),
    "withdraw": ({State.PENDING, State.HELD, State.MERGED}, State.SUPPRESSED),  # of a digest that has not left
    "retry": ({State.FAILED}, State.PENDING),
}
