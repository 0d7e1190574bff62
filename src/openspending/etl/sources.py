"""Opening a package wherever it lies: a datapackage.json, its folder, a zip or a URL. Nothing outside it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from openspending.errors import OpenSpendingError
from openspending.etl.archives import DESCRIPTOR, unpack_package
from openspending.etl.limits import DEFAULT_LIMITS, Limits
from openspending.etl.sourcefile import Progress, SourceFile, as_declared, source_file
from openspending.fdp import conformance, model_of, versions
from openspending.fdp.model import Model
from openspending.fdp.package import Package, Resource
from openspending.fdp.paths import check_path, is_url, normal_path
from openspending.fdp.problems import PackageRejected, Problem, Report, problem, rejected
from openspending.speaking.said import of_error, said

Fetch = Callable[[str, Path], None]  # writes what is at the URL to the path; raises an OpenSpendingError


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that may be checked further. `files` has every file of every resource, by its path in the
    descriptor; `problems` are the warnings so far; `descriptor` is the descriptor's bytes as given."""

    package: Package
    model: Model
    problems: list[Problem]
    files: dict[str, SourceFile]
    descriptor: bytes


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a descriptor was found: on disk, and by which URL if it was fetched."""

    descriptor: Path
    name: str  # what the package is called if the descriptor does not say
    url: str | None
    workdir: Path
    fetch: Fetch | None


def open_package(
    where: str,
    workdir: Path,
    fetch: Fetch | None,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress | None = None,
) -> Opened:
    """Read the descriptor at `where` and find all its files; zips and downloads go into `workdir`.

    Raises PackageRejected with all problems at once: of the descriptor, of its model, and missing or unsafe files.
    """
    place = _locate(where, workdir, fetch, limits)
    data = _descriptor_bytes(place, limits)
    package, problems = versions.read_package(data, default_name=place.name)
    if package is None:
        raise PackageRejected(Report(problems))
    problems = [*problems, *conformance.check(package)]  # the model's problems are among them
    model, _ = model_of.model_of(package)
    files, missing = _collect(package, place, progress)
    report = Report(list(dict.fromkeys([*problems, *missing])))
    if not report.valid or model is None:
        raise PackageRejected(report)
    return Opened(package, model, report.problems, files, data)


def _locate(where: str, workdir: Path, fetch: Fetch | None, limits: Limits) -> _Place:
    """Find or fetch the descriptor."""
    workdir.mkdir(parents=True, exist_ok=True)
    if is_url(where):
        return _locate_url(normal_path(where), workdir, fetch, limits)
    path = Path(where)
    if path.is_dir():
        return _Place(path / DESCRIPTOR, path.resolve().name, None, workdir, fetch)
    if not path.exists():
        raise rejected(problem("package-error", detail=said("There is no file or folder {name}", name=path.name)))
    if path.suffix.lower() == ".zip":
        return _Place(unpack_package(path, workdir / "package", limits), path.stem, None, workdir, fetch)
    return _Place(path, path.resolve().parent.name, None, workdir, fetch)


def _locate_url(url: str, workdir: Path, fetch: Fetch | None, limits: Limits) -> _Place:
    if fetch is None:
        raise rejected(problem("package-error", detail=said("Packages cannot be fetched by URL here")))
    last = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    target = workdir / ("package.zip" if last.lower().endswith(".zip") else DESCRIPTOR)
    try:
        fetch(url, target)
    except OpenSpendingError as error:
        raise rejected(problem("fiscal/unreachable-url", value=url, reason=of_error(error))) from error
    if target.suffix == ".zip":
        return _Place(unpack_package(target, workdir / "package", limits), last[:-4], None, workdir, fetch)
    parent = unquote(urlsplit(urljoin(url, ".")).path).rstrip("/").rsplit("/", 1)[-1]
    return _Place(target, parent or "package", url, workdir, fetch)


def _descriptor_bytes(place: _Place, limits: Limits) -> bytes:
    """The descriptor's bytes, no more than one beyond the limit (the reader then says that it is too large)."""
    if not place.descriptor.is_file():
        raise rejected(
            problem("package-error", detail=said("There is no {name} in the package", name=place.descriptor.name))
        )
    with place.descriptor.open("rb") as stream:
        return stream.read(limits.descriptor + 1)


def _collect(package: Package, place: _Place, progress: Progress | None) -> tuple[dict[str, SourceFile], list[Problem]]:
    """All files of all resources, also of unused ones: a revision is the whole package."""
    located: dict[str, tuple[Path, Resource]] = {}
    problems: list[Problem] = []
    for resource in package.resources:
        for path in resource.paths:
            if path in located or check_path(path) is not None:  # the conformance check reports unsafe paths
                continue
            found = _find(resource, path, place)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                located[path] = found, resource
    files = _read(located, progress)
    for resource in package.resources:
        parts = [files[path] for path in resource.paths if path in files]
        if parts and len(parts) == len(resource.paths):
            problems += as_declared(resource, parts)
    return files, problems


def _read(located: dict[str, tuple[Path, Resource]], progress: Progress | None) -> dict[str, SourceFile]:
    """Hash every file once."""
    total, done = sum(found.stat().st_size for found, _ in located.values()), 0
    files: dict[str, SourceFile] = {}
    for path, (found, resource) in located.items():
        if progress is not None:
            progress(done, total, f"reading {path}")
        files[path] = source_file(found, _file_name(path), declared=resource.hash)
        done += files[path].bytes
    return files


def _find(resource: Resource, path: str, place: _Place) -> Path | Problem:
    """Where the file `path` of a resource lies on disk; it is fetched if the package was."""
    if is_url(path) or place.url is not None:
        return _fetch(resource, path, place)
    base = place.descriptor.parent.resolve()
    found = (base / normal_path(path)).resolve()
    if not found.is_relative_to(base):  # a symbolic link may lead anywhere
        return problem("scheme-error", resource=resource.name, value=path, detail=said("leads outside of the package"))
    if not found.is_file():
        return problem(
            "source-error", resource=resource.name, file=path, detail=said("There is no file {path}", path=path)
        )
    return found


def _fetch(resource: Resource, path: str, place: _Place) -> Path | Problem:
    url = normal_path(path) if is_url(path) else urljoin(place.url or "", quote(normal_path(path)))
    if place.fetch is None:
        reason = "is a URL, and files are not fetched from other sites here"
        return problem("scheme-error", resource=resource.name, value=path, detail=reason)
    if not is_url(path) and urlsplit(url)[:2] != urlsplit(place.url or "")[:2]:
        return problem("scheme-error", resource=resource.name, value=path, detail=said("leads to another site"))
    target = place.workdir / "fetched" / str(len(list((place.workdir / "fetched").glob("*"))))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.fetch(url, target)
    except OpenSpendingError as error:
        return problem("fiscal/unreachable-url", resource=resource.name, file=path, value=url, reason=of_error(error))
    return target


def _file_name(path: str) -> str:
    """A file's own name: the last part of its path or URL."""
    inside = unquote(urlsplit(path).path) if is_url(path) else path
    return inside.rstrip("/").rsplit("/", 1)[-1] or "data"
