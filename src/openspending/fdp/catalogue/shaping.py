"""What is said of rows left out and cells changed by declaration, and what can be wrong with such declarations."""

from __future__ import annotations

from typing import Final

from openspending.fdp.catalogue.kind import ERROR, WARNING, Kind, Kinds

KINDS: Final[Kinds] = {
    "fiscal/leave-out": Kind(
        "A rule for rows to leave out that makes no sense",
        ERROR,
        "Rule {number} under “leaveOut” of resource {resource} {detail}.",
        "Give each rule “empty”, “where” or “rows”, with fields of the resource.",
    ),
    "fiscal/leave-out-kind": Kind(
        "An unknown kind of rows to leave out",
        WARNING,
        "Rule {number} under “leaveOut” of resource {resource} is of the kind “{value}”, which is not one of {wanted}.",
        "Use one of them; the rule holds all the same.",
    ),
    "fiscal/fill-down": Kind(
        "Amounts cannot be filled from above",
        ERROR,
        "Field {field} holds amounts and has “fillDown”: an amount would be repeated where the file states none.",
        "Remove “fillDown”.",
    ),
    "fiscal/negative-form": Kind(
        "An unknown form of negative numbers",
        ERROR,
        "Field {field} has “{value}” under “negative”, which is not one of {wanted}.",
        "Use one of them, or none where negative numbers begin with a hyphen-minus.",
    ),
    "fiscal/rows-left-out": Kind(
        "Rows left out by a rule",
        WARNING,
        "{count} rows of {file} are left out as {kind}{reason}: {rows}.",
        "Nothing has to be done if they hold no data of their own; else correct the rule under “leaveOut”.",
    ),
    "fiscal/rule-without-rows": Kind(
        "A rule that leaves no row out",
        WARNING,
        "Rule {number} under “leaveOut” of resource {resource} ({kind}) fits no row.",
        "Check that such rows are not called something else in the file, or remove the rule.",
    ),
    "fiscal/cells-replaced": Kind(
        "Cells replaced by declaration",
        WARNING,
        "{count} cells of column {field} in {file}, such as “{value}”, are replaced as the field says; rows {rows}.",
        "Nothing has to be done; better still, correct the file and remove “replace”.",
    ),
}
