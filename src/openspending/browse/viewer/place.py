"""Where the pages of a dataset are."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from openspending.view import View


@dataclass(frozen=True, slots=True)
class Place:
    """A dataset as its address has it: `version` is empty for the newest revision, whatever it is."""

    owner: str
    name: str
    version: str = ""

    @classmethod
    def read(cls, owner: str, name: str) -> Place:
        """The dataset of an address, in which a version may follow the name after an `@`."""
        plain, _, version = name.partition("@")
        return cls(owner, plain, version)

    @property
    def dataset(self) -> str:
        """The dataset, whatever its version."""
        return f"{self.owner}/{self.name}"

    @property
    def versioned(self) -> str:
        """The name with the version, as the API has it."""
        return f"{self.name}@{self.version}" if self.version else self.name

    @property
    def page(self) -> str:
        """The address of the dataset's page."""
        return f"/{quote(self.owner, safe='@+')}/{quote(self.versioned, safe='@:')}"

    def at(self, version: object) -> Place:
        """The same dataset in another version."""
        return Place(self.owner, self.name, str(version))

    def view(self, view: View) -> str:
        """The address of a view."""
        query = view.query()
        return f"{self.page}/view?{query}" if query else f"{self.page}/view"

    def member(self, ref: str, code: str) -> str:
        """The address of a member's page."""
        return f"{self.page}/members/{quote(ref, safe='')}/{quote(code, safe='')}"

    def fact(self, rid: str, revision: object) -> str:
        """The address of one line."""
        return f"/{quote(self.owner, safe='@+')}/{quote(self.name)}/facts/{quote(rid, safe='')}?revision={revision}"
