"""The page of one dataset.

headline what it says, in plain words
columns  its columns, and what they mean
citing   how it is cited
history  its revisions
files    what can be downloaded
page     everything together
"""

from __future__ import annotations

from openspending.browse.dataset.page import DatasetPage, dataset_page

__all__ = ["DatasetPage", "dataset_page"]
