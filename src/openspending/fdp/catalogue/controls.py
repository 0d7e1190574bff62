"""What can be wrong with control totals: how they are declared, and that the facts have another sum."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/control-total": Kind(
        "A control total is not met",
        ERROR,
        "{title}: {expected} is expected{source}, but the sum of {measure} is {actual}: {difference}.{reasons}",
        "{advice} If the expected total is wrong itself, correct “equals” of control {number}.",
    ),
    "fiscal/control-key": Kind(
        "A control total with an unknown property",
        ERROR,
        "“{value}” is no property of a control total: what it should change would be left out.",
        "Write one of {choices}, or leave “{value}” out.",
    ),
    "fiscal/control-amount": Kind(
        "A control total that is not a decimal",
        ERROR,
        "“{property}” of a control total is {detail}.",
        "Write the amount with a decimal point and without separators, such as “812345678900.00”.",
    ),
    "fiscal/control-measure": Kind(
        "A control total of an unknown measure",
        ERROR,
        "The control total {detail}.",
        "Name one measure under “measure”: {choices}.",
    ),
    "fiscal/control-column": Kind(
        "A control total of an unknown column",
        ERROR,
        "“{value}” under “where” {detail}.",
        "Name one of the columns {choices}.",
    ),
    "fiscal/control-value": Kind(
        "A control total of something that is no value",
        ERROR,
        "What “where” asks of {value} is {found}; it has to be a value or a list of values.",
        "Write the code or label as the file has it; null stands for a missing value.",
    ),
}
