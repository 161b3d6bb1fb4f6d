"""What the matcher says of one need and one offer."""

from dataclasses import dataclass, field
from typing import Any

from donations.matching.words import lacks_in_words

Line = list[Any]  # [code, {values}]: JSON, put into words by `donations.matching.words`


@dataclass(frozen=True)
class Verdict:
    """`score` is 0 to 1000, `parts` name -> 0 to 1000; `lacks` is empty when every hard condition is kept.

    `need` and `offer` are primary keys. `reasons` and `lacks` are lists of [code, {values}].
    """

    need: int
    offer: int
    score: int
    parts: dict[str, int]
    reasons: list[Line]
    lacks: list[Line] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        return not self.lacks

    def lacks_in_words(self) -> list[tuple[str, str]]:
        """Code and sentence of each hard condition that is broken, in the active language."""
        return [(line[0], words) for line, words in zip(self.lacks, lacks_in_words(self.lacks), strict=True)]
