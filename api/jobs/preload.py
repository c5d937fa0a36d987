"""Imported once by the fork server: it judges a sample page, and page processes start with what that loads.

Code, weights and caches are shared by all of them: each holds some 50 MB of its own instead of 420, and its first
page takes half a second instead of two.
"""

from api.engines import FULL
from api.jobs.warming import warm

warm(FULL.load)
