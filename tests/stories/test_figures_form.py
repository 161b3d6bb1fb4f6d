"""What staff type of who came to an event, line by line."""

import pytest

from portal.stories.forms.figures import FiguresForm
from tests.factories.stories import EventFactory

pytestmark = pytest.mark.django_db


def form_of(countries: str) -> FiguresForm:
    return FiguresForm({"countries": countries}, event=EventFactory(over=True))


@pytest.mark.parametrize(("line", "read"), [
    ("Kenya: 12/7", {"KE": (12, 7)}),
    ("  ke   ;  12 ,  7 ", {"KE": (12, 7)}),
    ("Côte  d’Ivoire = 4", {"CI": (4, None)}),
    ("Congo, Democratic Republic of the", {}),
    ("Malawi", {"MW": (None, None)}),
])  # fmt: skip
def test_a_country_stands_there_with_its_numbers(line: str, read: dict[str, tuple[int | None, int | None]]) -> None:
    form = form_of(line)
    assert form.is_valid() is bool(read)
    assert form.cleaned_data.get("countries", {}) == read
