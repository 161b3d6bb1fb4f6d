"""What the outcomes prepared for a call would come to: hours, shares, countries, priority. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calls.enums import Decision


@dataclass(frozen=True)
class Line:
    """One application in the order of the list. `decision` is empty while nothing is prepared; minutes are whole."""

    decision: str
    minutes: int = 0
    instrument: str = ""
    is_woman: bool = False
    country: str = ""
    has_priority: bool = False


@dataclass(frozen=True)
class Use:
    """What one instrument would give: awards and their minutes, and the minutes on the reserve list behind them."""

    instrument: str
    awards: int
    minutes: int
    reserve_minutes: int


@dataclass(frozen=True)
class Simulation:
    """`given` and `offered` in minutes where the call gives hours, else in pieces; shares in whole per cent."""

    offered: int
    given: int
    counts: dict[str, int]
    uses: list[Use]
    women: int
    women_percent: int
    women_wanted: int
    countries: list[tuple[str, int]]
    priority_awards: int
    priority_all: int
    passed_over: int

    @property
    def awards(self) -> int:
        return self.counts[Decision.AWARD]

    @property
    def left(self) -> int:
        return max(self.offered - self.given, 0)

    @property
    def over(self) -> int:
        return max(self.given - self.offered, 0)

    @property
    def has_women_enough(self) -> bool:
        """Whether the share of women that the call asks for is kept, reckoned in awards."""
        return self.women * 100 >= self.women_wanted * self.awards


def simulate(lines: Sequence[Line], *, offered: int, gives_hours: bool, women_wanted: int) -> Simulation:
    """What these lines come to against what is `offered`; `women_wanted` is the per cent of awards kept for women."""
    awards = [line for line in lines if line.decision == Decision.AWARD]
    women = sum(line.is_woman for line in awards)
    counted = Counter(line.decision for line in lines)
    return Simulation(
        offered=offered,
        given=sum(line.minutes for line in awards) if gives_hours else len(awards),
        counts={decision: counted[decision] for decision in ("", *Decision.values)},
        uses=_uses(lines) if gives_hours else [],
        women=women,
        women_percent=women * 100 // len(awards) if awards else 0,
        women_wanted=women_wanted,
        countries=sorted(Counter(line.country for line in awards).items(), key=lambda pair: (-pair[1], pair[0])),
        priority_awards=sum(line.has_priority for line in awards),
        priority_all=sum(line.has_priority for line in lines),
        passed_over=_passed_over(lines),
    )


def _uses(lines: Iterable[Line]) -> list[Use]:
    """By instrument, the most used first."""
    awards: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    reserve: Counter[str] = Counter()
    for line in lines:
        if line.decision == Decision.AWARD:
            awards[line.instrument] += 1
            minutes[line.instrument] += line.minutes
        elif line.decision == Decision.RESERVE:
            reserve[line.instrument] += line.minutes
    names = sorted({*awards, *reserve}, key=lambda name: (-minutes[name], name))
    return [Use(name, awards[name], minutes[name], reserve[name]) for name in names]


def _passed_over(lines: Sequence[Line]) -> int:
    """How many with priority, not declined, go without an award while one below them without priority gets one."""
    others = [place for place, line in enumerate(lines) if line.decision == Decision.AWARD and not line.has_priority]
    if not others:
        return 0
    waiting = (Decision.RESERVE, "")
    return sum(line.has_priority and line.decision in waiting for line in lines[: others[-1]])
