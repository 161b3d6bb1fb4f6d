"""What a program says to `/uploads/`, by tus 1.0, through Django's test client."""

import base64
from typing import Any

TUS = {"Tus-Resumable": "1.0.0"}
TYPE = "application/offset+octet-stream"


def metadata(**words: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())


def announce(client: Any, dataset: Any, size: int, name: str = "a.cif", **words: str) -> Any:
    told = metadata(dataset=dataset.ref, filename=name, **words)
    return client.post("/uploads/", headers=TUS | {"Upload-Length": str(size), "Upload-Metadata": told})


def send(client: Any, address: str, offset: int, piece: bytes, **headers: str) -> Any:
    return client.patch(address, piece, content_type=TYPE, headers=TUS | {"Upload-Offset": str(offset)} | headers)


def put(client: Any, dataset: Any, content: bytes, name: str = "a.cif") -> Any:
    """The answer to the last piece of a file sent whole."""
    address = announce(client, dataset, len(content), name)["Location"]
    return send(client, address, 0, content)
