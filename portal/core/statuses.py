"""Which look a state has: every state of every machine falls into one of six kinds.

`ok` it stands, `wait` somebody must act, `live` it happens now, `info` it is on its way, `err` it went wrong,
`off` it is over or not yet begun. A state's word is shown beside it, always.
"""

_STATES = {
    "ok": (
        "open listed published active confirmed accepted awarded completed passed approved vetted verified "
        "matched fulfilled funded installed in_use sent served eligible feasible safe honoured agreed ready given "
        "valid allocated answered"
    ),
    "wait": (
        "requested proposed screening feasibility review in_review judged returned held offered unconfirmed submitted "
        "vetting pending called waiting reserved contacted reported_due customs "
        "silent"
    ),
    "live": "live",
    "info": (
        "upcoming scheduled queued prepared sending shipped received mounted in_transit quoted declared recalled asked"
    ),
    "err": "failed refused declined rejected revoked missed lapsed lost damaged suspended suppressed overdue",
}

KINDS = {state: kind for kind, states in _STATES.items() for state in states.split()}


def kind_of(state: str) -> str:
    """Return the kind of `state`; a state nobody listed is quiet (`off`)."""
    return KINDS.get(str(state), "off")
