"""Who may do what to calls: staff, all of it."""

import rules

from calls.rules.award import is_staff

for _verb in ("add", "change", "publish", "extend", "withdraw", "decide", "archive"):
    rules.add_perm(f"calls.{_verb}_call", is_staff)

rules.add_perm("calls.give_late_access", is_staff)
