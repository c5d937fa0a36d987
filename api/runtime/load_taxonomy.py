"""The taxonomy in the package."""

from importlib.resources import files

import msgspec

from schemas.taxonomy import Taxonomy


def load_taxonomy() -> Taxonomy:
    """Raises msgspec.ValidationError if the file does not fit its schema."""
    return msgspec.json.decode((files("seeds") / "taxonomy.json").read_bytes(), type=Taxonomy)
