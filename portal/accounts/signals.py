"""What accounts announces to the apps above it; each is sent inside the transaction of the deed.

`membership_confirmed`, `membership_ended`: `membership` (with its user and organisation), `by`.
`standing_changed`: `user` (an account closed or opened, made or unmade staff or admin), `by`.
"""

from django.dispatch import Signal

membership_confirmed = Signal()
membership_ended = Signal()
standing_changed = Signal()
