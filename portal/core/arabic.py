"""Arabic letters as they are joined, from Unicode's own table of presentation forms (U+FB50 to U+FEFC).

For drawing where no shaping engine is at hand. `joined` picks the form of each letter; the order in which a line is
drawn is another matter.
"""

import unicodedata
from functools import cache

FORMS = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}
LAM = "\u0644"
Shapes = dict[str, dict[int, str]]


def joined(text: str) -> str:
    """`text` with each Arabic letter in the form that its neighbours ask for; other letters stay."""
    letters = _with_ligatures(text)
    shapes = _shapes()
    shown = []
    for place, letter in enumerate(letters):
        forms = shapes.get(letter)
        if forms is None:
            shown.append(letter)
            continue
        before = _reaches(_neighbour(letters, place, -1)) and 1 in forms
        after = 2 in forms and _neighbour(letters, place, 1) in shapes
        wanted = 3 if before and after else 2 if after else 1 if before else 0
        shown.append(forms.get(wanted) or forms.get(wanted - 2) or letter)
    return "".join(shown)


@cache
def _shapes() -> Shapes:
    """Letter -> {form: what is drawn}; ligatures of lam and alef stand under their isolated form."""
    found: Shapes = {}
    for code in [*range(0xFB50, 0xFC00), *range(0xFE80, 0xFEFD)]:
        form, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        if form in FORMS and len(parts) in (1, 2):
            base = "".join(chr(int(part, 16)) for part in parts)
            found.setdefault(base, {})[FORMS[form]] = chr(code)
    return found


def _with_ligatures(text: str) -> list[str]:
    """Letters, lam with a following alef as one."""
    letters: list[str] = []
    for letter in text:
        if letters and letters[-1] == LAM and LAM + letter in _shapes():
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters


def _neighbour(letters: list[str], place: int, step: int) -> str:
    """The next letter on that side; marks above and below do not come between."""
    place += step
    while 0 <= place < len(letters) and unicodedata.category(letters[place][0]) == "Mn":
        place += step
    return letters[place] if 0 <= place < len(letters) else ""


def _reaches(letter: str) -> bool:
    """Whether a letter joins the one after it."""
    return 2 in _shapes().get(letter, {})
