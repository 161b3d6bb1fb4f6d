"""The moves of an instrument: verb -> (from, to)."""

from instruments.enums import InstrumentState as S

MOVES = {
    "propose": ({S.DRAFT}, S.PROPOSED),
    "ask": ({S.PROPOSED}, S.RETURNED),
    "resubmit": ({S.RETURNED}, S.PROPOSED),
    "list": ({S.PROPOSED}, S.LISTED),
    "refuse": ({S.PROPOSED}, S.REFUSED),
    "suspend": ({S.LISTED}, S.SUSPENDED),
    "resume": ({S.SUSPENDED}, S.LISTED),
    "retire": ({S.LISTED, S.SUSPENDED}, S.RETIRED),
}
