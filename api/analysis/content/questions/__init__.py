"""The questions that news raises, and a text leaves open."""
