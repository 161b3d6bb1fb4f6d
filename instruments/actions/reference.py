"""Write techniques and equipment categories as instruments/reference.py has them."""

from collections.abc import Iterable

from django.db import transaction

from instruments.models import EquipmentCategory, Technique
from instruments.reference import CATEGORIES, TREE, Node


@transaction.atomic
def write_techniques(nodes: Iterable[Node] = TREE) -> int:
    """Create what is missing and put texts and places right; techniques that others added stay. Returns how many."""
    return sum(_write(node, None, position) for position, node in enumerate(nodes, start=1))


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
