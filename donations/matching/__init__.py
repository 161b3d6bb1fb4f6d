"""Finding what fits: hard conditions, a score with named parts, and the best assignment over all of them.

What other rooms ask is here; numpy and scipy are only loaded when it is asked, since pages do without them.

- `judge(need, offer)`: one pair, by keys, as staff propose it by hand
- `alternatives(need)`: every offer for a need that can be had, fitting ones first
- `words.in_words(reasons)`, `words.lacks_in_words(lacks)`: sentences in the reader's language
"""

from donations.matching.verdict import Verdict
from donations.matching.words import in_words, lacks_in_words

__all__ = ["Verdict", "alternatives", "in_words", "judge", "lacks_in_words"]


def judge(need: int, offer: int) -> Verdict:
    """Say of one pair (primary keys, in any state) what it lacks and what it scores; numpy is loaded for it.

    Nothing is asked of states or numbers left: those are held by whoever proposes. Raises `Need.DoesNotExist` or
    `Offer.DoesNotExist`.
    """
    from donations.matching.asked import judge as asked

    return asked(need, offer)


def alternatives(need: int, most: int = 20) -> list[Verdict]:
    """Return up to `most` vetted offers of the need's category with pieces left: what fits first, best first."""
    from donations.matching.asked import alternatives as asked

    return asked(need, most)
