"""Who may read which address of pictures, and the rows that these addresses name."""

from typing import Any

from portal.stories.models import Variant
from tests.factories.stories import EventFactory, PictureFactory, VariantFactory

NOBODY = frozenset[str]()
STAFF = frozenset({"staff", "admin_user"})
EVERYBODY = frozenset(
    {
        *("visitor", "researcher", "focal_point", "operator", "reviewer", "donor", "staff", "admin_user"),
        *("stranger_researcher", "stranger_focal_point", "stranger_operator"),
    }
)
# Who is answered 200 to a GET, as in the matrix.
READERS: dict[str, frozenset[str]] = {
    "pages:low_data": NOBODY,
    "pictures:variant": EVERYBODY,  # of an announced event
    "picture_pages:list": STAFF,
    "picture_pages:change": STAFF,
    "picture_pages:remove": NOBODY,
    "picture_pages:again": NOBODY,
}


def arguments_of() -> dict[tuple[str, str], Any]:
    """An announced event with a picture."""
    picture = PictureFactory(story=None, event=EventFactory(slug="pictured"))
    drawing: Variant = VariantFactory(picture=picture)
    return {
        ("pictures", "pk"): picture.pk,
        ("pictures", "digest"): drawing.digest,
        ("pictures", "width"): drawing.width,
        ("pictures", "suffix"): drawing.format,
        ("picture_pages", "kind"): "events",
        ("picture_pages", "slug"): "pictured",
        ("picture_pages", "pk"): picture.pk,
    }
