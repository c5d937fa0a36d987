"""Imported once by the fork server, so that all page processes share the code and weights that this loads."""

import datasketch as datasketch

from api.analysis.articles import article_from_page as article_from_page
from api.analysis.extraction import extract as extract
from api.analysis.pipeline import pipeline
from api.analysis.reader import engine

engine()
pipeline()
