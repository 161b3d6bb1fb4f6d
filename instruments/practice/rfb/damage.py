"""Which parts of the picture a viewer has not seen in their newest form."""

from collections.abc import Iterable, Iterator

from PIL import Image, ImageChops

TILE = 64  # pixels; a viewer remembers one box a tile, however long it does not ask

Box = tuple[int, int, int, int]  # left, top, right, bottom; the last two outside


class Damage:
    """What changed, as one box in each tile."""

    def __init__(self) -> None:
        self.boxes: dict[tuple[int, int], Box] = {}

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def add(self, box: Box) -> None:
        for part in tiles(box):
            place = part[0] // TILE, part[1] // TILE
            old = self.boxes.get(place)
            self.boxes[place] = union(old, part) if old else part

    def take(self) -> list[Box]:
        """All of it, in few rectangles, and nothing is damaged any more."""
        boxes = join(self.boxes.values())
        self.boxes.clear()
        return boxes


def tiles(box: Box) -> Iterator[Box]:
    """The box in parts that each lie inside one tile."""
    left, top, right, bottom = box
    if left >= right or top >= bottom:
        return
    for y in range(top - top % TILE, bottom, TILE):
        for x in range(left - left % TILE, right, TILE):
            yield max(left, x), max(top, y), min(right, x + TILE), min(bottom, y + TILE)


def union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def join(boxes: Iterable[Box]) -> list[Box]:
    """Boxes side by side with equal top and bottom made one, then those that lie upon each other."""
    rows: list[Box] = []
    for box in sorted(boxes, key=lambda box: (box[1], box[3], box[0])):
        last = rows[-1] if rows else None
        if last and last[1] == box[1] and last[3] == box[3] and last[2] == box[0]:
            rows[-1] = union(last, box)
        else:
            rows.append(box)
    joined: list[Box] = []
    for box in sorted(rows, key=lambda box: (box[0], box[2], box[1])):
        last = joined[-1] if joined else None
        if last and last[0] == box[0] and last[2] == box[2] and last[3] == box[1]:
            joined[-1] = union(last, box)
        else:
            joined.append(box)
    return sorted(joined, key=lambda box: (box[1], box[0]))


def differences(before: Image.Image, after: Image.Image, offset: tuple[int, int]) -> Iterator[Box]:
    """Where two pictures of one size differ, tile by tile; `offset` is where they stand on the screen."""
    left, top = offset
    difference = ImageChops.difference(before, after)
    whole = difference.getbbox()
    if whole is None:
        return
    for part in tiles((left + whole[0], top + whole[1], left + whole[2], top + whole[3])):
        found = difference.crop((part[0] - left, part[1] - top, part[2] - left, part[3] - top)).getbbox()
        if found:
            yield part[0] + found[0], part[1] + found[1], part[0] + found[2], part[1] + found[3]
