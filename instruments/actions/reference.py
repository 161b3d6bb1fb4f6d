"""Write techniques and equipment categories as instruments/reference.py has them, and techniques as admins do."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from instruments.models import EquipmentCategory, Technique
from instruments.reference import CATEGORIES, TREE, Node
from portal.core.errors import Reason, Refused
from portal.core.turns import take_turn

LONGEST_PATH = 200


@transaction.atomic
def write_techniques(nodes: Iterable[Node] = TREE) -> int:
    """Create what is missing and put texts and places right; techniques that others added stay. Returns how many."""
    return sum(_write(node, None, position) for position, node in enumerate(nodes, start=1))


@transaction.atomic
def place_technique(technique: Technique) -> Technique:
    """Save one that was written or moved; its path, and those of all below it, follow from what it belongs to.

    Raises Refused `loop` where it would belong to itself, `deep` where the path is longer than its column.
    """
    take_turn("tree of techniques")
    above = technique.parent
    while above is not None:
        if above.pk == technique.pk:
            raise Refused(Reason("loop", _("A technique cannot belong to itself, nor to one that belongs to it.")))
        above = above.parent
    _follow(technique, technique.parent)
    return technique


def _follow(technique: Technique, parent: Technique | None) -> None:
    technique.path = f"{parent.path}/{technique.slug}" if parent else technique.slug
    if len(technique.path) > LONGEST_PATH:
        raise Refused(Reason("deep", _("This is too deep in the tree. Choose a shorter address part.")))
    technique.save()
    for child in technique.children.all():
        _follow(child, technique)


@transaction.atomic
def write_categories(rows: Iterable[tuple[str, str, str]] = CATEGORIES) -> int:
    """The same for the categories of equipment."""
    rows = list(rows)
    for position, (slug, english, french) in enumerate(rows, start=1):
        texts = {"name_en": english, "name_fr": french, "position": position}
        EquipmentCategory.objects.update_or_create(slug=slug, defaults=texts)
    return len(rows)


def _write(node: Node, parent: Technique | None, position: int) -> int:
    fields = {
        "name_en": node.name[0],
        "name_fr": node.name[1],
        "summary_en": node.summary[0],
        "summary_fr": node.summary[1],
        "parent": parent,
        "path": f"{parent.path}/{node.slug}" if parent else node.slug,
        "position": position * 100 if parent is None else parent.position + position,
    }
    technique, _created = Technique.objects.update_or_create(slug=node.slug, defaults=fields)
    return 1 + sum(_write(child, technique, place) for place, child in enumerate(node.children, start=1))
