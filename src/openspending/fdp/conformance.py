"""Everything that can be said of a package from its descriptor alone, all at once."""

from __future__ import annotations

from openspending.fdp.controls import read_controls
from openspending.fdp.denormalise import plan
from openspending.fdp.fiscal_rules import check_model_words, check_properties, check_structure, check_unused_columns
from openspending.fdp.model_of import model_of
from openspending.fdp.package import Package
from openspending.fdp.place import Place
from openspending.fdp.problems import Problem
from openspending.fdp.schema_rules import check_resources
from openspending.fdp.shaping_rules import check_filled, check_shaping


def check(package: Package) -> list[Problem]:
    """All problems of `package` that its descriptor shows, each once, those of making its Model included.

    The problems of reading it (`versions.read_package`) are not repeated here.
    """
    root = Place()
    check_properties(package, root)
    check_resources(package, root)
    check_structure(package, root)
    check_model_words(package, root)
    check_shaping(package, root)
    model, found = model_of(package)
    check_filled(package, model, root)
    problems = [*root.problems, *found]
    if model is not None:
        check_unused_columns(package, model, after := Place())
        problems += [*after.problems, *read_controls(package, model)[1]]
        if not any(one.severity == "error" for one in problems):
            problems += plan(package, model)[1]
    return list(dict.fromkeys(problems))
