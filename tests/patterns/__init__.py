"""The register of regular expressions: which there are, how each is used, and how long its input may be."""
