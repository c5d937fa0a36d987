"""The register of regular expressions: their use, and the maximum length of their input."""
