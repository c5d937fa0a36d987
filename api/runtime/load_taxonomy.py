"""The taxonomy that ships with the package."""

from importlib.resources import files

import msgspec

from schemas.taxonomy import Taxonomy


def load_taxonomy() -> Taxonomy:
    """Raises msgspec.ValidationError where the file does not fit the contract."""
    return msgspec.json.decode((files("seeds") / "taxonomy.json").read_bytes(), type=Taxonomy)
