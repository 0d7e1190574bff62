"""Recipes: a package written by hand or by `import --save`, as YAML that can be kept in git beside its files.

A recipe is a Fiscal Data Package in YAML. What it says is done; what it leaves open is proposed as without it. The old
OpenSpending's `source-spec.yaml` is read as one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from openspending.etl.decisions import Decision
from openspending.etl.importing.around import MONEY
from openspending.etl.importing.precedent import Precedent, precedent_of
from openspending.etl.importing.recipefaults import faults, spec_faults
from openspending.etl.importing.sourcespec import is_source_spec, precedent_of_source_spec
from openspending.etl.limits import DEFAULT_LIMITS
from openspending.fdp.paths import check_path, is_url, normal_path
from openspending.fdp.problems import PackageRejected, Report, problem, rejected
from openspending.speaking.said import said

_NOT_TEXT: Final = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """YAML's plain data, numbers exact, dates as the text they are written as, no key twice, no aliases (which can
    make a bomb of a few lines)."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases (*name), which are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"line {key.start_mark.line + 1} repeats “{key.value}”")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _exact(_loader: _Loader, node: yaml.ScalarNode) -> Decimal | str:
    """A number with all its digits; what Python's decimals do not read stays text."""
    try:
        return Decimal(str(node.value).replace("_", ""))
    except ArithmeticError:
        return str(node.value)


def _as_text(_loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


_Loader.add_constructor(_NOT_TEXT + "float", _exact)
_Loader.add_constructor(_NOT_TEXT + "timestamp", _as_text)


class _Dumper(yaml.SafeDumper):
    """Writes what `_Loader` reads."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is the library's
        """No aliases, for they are not read."""
        return True


def _written(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    """A number with all its digits, whole ones without a point."""
    kind = "int" if number == number.to_integral_value() else "float"
    return dumper.represent_scalar(_NOT_TEXT + kind, f"{number:f}")


_Dumper.add_representer(Decimal, _written)


def read_recipe(path: Path) -> Precedent:
    """The precedent that a recipe or a source-spec sets. Raises PackageRejected."""
    return precedent_of_recipe(read_yaml(path), path.name)


def precedent_of_recipe(raw: Mapping[str, Any], shown: str) -> Precedent:
    """The precedent that YAML content sets, whichever of both kinds it is. Raises PackageRejected."""
    if is_source_spec(raw):
        _refuse(spec_faults(raw), shown)
        return precedent_of_source_spec(raw)
    if not isinstance(raw.get("resources"), list):
        detail = said(
            "{shown} has neither “resources”, as a package has, nor “sources” and “fields”, as a source-spec",
            shown=shown,
        )
        raise rejected(problem("package-error", file=shown, detail=detail))
    _refuse(faults(raw), shown)
    return precedent_of(raw, "recipe")


def _refuse(found: list[str], shown: str) -> None:
    """Raise PackageRejected when something is wrong with a recipe's shape."""
    if found:
        raise PackageRejected(Report([problem("package-error", file=shown, detail=one) for one in found]))


def files_of(precedent: Precedent, recipe: Path) -> list[str]:
    """The files that a recipe names, which lie beside it or below its folder, or at URLs. Raises PackageRejected."""
    found: list[str] = []
    problems = []
    for path in dict.fromkeys(path for table in precedent.tables for path in table.paths):
        reason = check_path(path)
        if reason is not None:
            problems.append(problem("scheme-error", file=recipe.name, value=path, detail=reason))
        found.append(path if is_url(path) else str(recipe.parent / normal_path(path)))
    if not found:
        detail = said("{name} names no files; name them on the command line", name=recipe.name)
        problems.append(problem("package-error", file=recipe.name, detail=detail))
    if problems:
        raise rejected(*problems)
    return found


def read_yaml(path: Path) -> Mapping[str, Any]:
    """The content of a YAML file, exact. Raises PackageRejected when it is none, or no object."""
    try:
        with path.open("rb") as stream:
            data = stream.read(DEFAULT_LIMITS.descriptor + 1)
    except OSError as error:
        raise rejected(
            problem(
                "package-error", file=path.name, detail=said("It cannot be read: {strerror}", strerror=error.strerror)
            )
        ) from error
    if len(data) > DEFAULT_LIMITS.descriptor:
        detail = said("{name} is larger than {descriptor} bytes", name=path.name, descriptor=DEFAULT_LIMITS.descriptor)
        raise rejected(problem("package-error", file=path.name, detail=detail))
    try:
        content = yaml.load(data, _Loader)  # noqa: S506 - a safe loader, made stricter
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        detail = said("{name} is not YAML that we read: {split}", name=path.name, split=" ".join(str(error).split()))
        raise rejected(problem("package-error", file=path.name, detail=detail)) from error
    if not isinstance(content, dict):
        raise rejected(problem("package-error", file=path.name, detail=said("{name} holds no object", name=path.name)))
    return content


def recipe_of(descriptor: Mapping[str, Any], decisions: Iterable[Decision]) -> dict[str, Any]:
    """A descriptor with the answers to questions that it does not answer itself, so that nobody is asked again."""
    answers = {one.id: one.value for one in decisions if one.by in ("person", "recipe") and not _is_said(one.id)}
    return {**descriptor, **({"decisions": answers} if answers else {})}


def _is_said(id_: str) -> bool:
    """Whether the descriptor itself says what was answered."""
    return id_ in (*MONEY, "year") or id_.startswith(("renamed:", "year:")) or id_.endswith(":role")


def write_recipe(descriptor: Mapping[str, Any]) -> str:
    """A descriptor as a recipe: YAML, in the descriptor's own order."""
    head = "# A Fiscal Data Package as YAML. `openspending import FILE… --recipe` follows it.\n"
    return head + yaml.dump(dict(descriptor), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
