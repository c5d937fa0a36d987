"""The shipped taxonomy, for tests of engines."""

from importlib.resources import files

import msgspec

from schemas.taxonomy import Taxonomy

TAXONOMY = msgspec.json.decode((files("seeds") / "taxonomy.json").read_bytes(), type=Taxonomy)
