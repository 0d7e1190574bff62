"""A plan for people: a sentence that says all, then tables of what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

from rich.text import Text

from openspending.cli.output import console, printable, show_controls, show_problems, show_table
from openspending.fdp.amounts import grouped, plain
from openspending.fdp.problems import shorten

if TYPE_CHECKING:
    from openspending.analytics.differences.changes import Change, Place, Renaming, Totals
    from openspending.analytics.differences.difference import Difference, Money
    from openspending.analytics.differences.planned import Planned
    from openspending.fdp.drift import Drift

MEMBERS = 100  # a dimension with more is no overview
POINTERS = 10
NARROW = 60  # characters of what describes a fact
_PERCENT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def show_plan(found: Planned) -> None:
    """Print the plan; problems come first, as with `publish`."""
    if found.difference is None:
        show_problems(found.problems)
    else:
        show_problems(found.new_warnings)
    out = console()
    out.print(Text.assemble((found.dataset, "bold"), f": {printable(headline(found))}"))
    if found.difference is None:
        rows = [(name, _amount(total)) for name, total in found.measures.items()]
        show_table(("measure", "sum"), rows, right=("sum",))
    else:
        for sentence in sentences(found, found.difference):
            out.print(printable(sentence))
        _show_difference(found.difference)
    show_controls(found.controls)
    out.print("Nothing was stored." if found.changes else "Publishing would store nothing.")


def headline(found: Planned) -> str:
    """The plan in one sentence."""
    if found.published is None:
        return f"would create revision {found.revision}: {_count(found.rows, 'fact')}."
    if found.difference is None:
        return f"nothing would change; it is revision {found.revision}: {_count(found.rows, 'fact')}."
    if not found.difference.any:
        return f"revision {found.revision} would have the very facts of revision {found.published}."
    moved = [_moved(one) for one in found.difference.money] or ["have other measures"]
    return f"revision {found.revision} would {_and(moved)}{_rows(found.difference)}."


def sentences(found: Planned, difference: Difference) -> Iterator[str]:
    """What else there is to know: columns, measures, currencies, the descriptor, warnings that are gone."""
    yield from (sentence for one in difference.money for sentence in (*_shares(one), *_terms(one)))
    for name, total in difference.new_sums.items():
        yield f"New measure: {name}, {'no amount' if total is None else grouped(total)} in all."
    if difference.measures.gone:
        yield f"Measures that would be gone: {', '.join(difference.measures.gone)}."
    yield from (sentence for one in found.headers for sentence in _headers(one))
    yield from _files(set(found.new_files), set(found.gone_files))
    if found.descriptor:
        more = len(found.descriptor) - POINTERS
        shown = ", ".join(one or "everything" for one in found.descriptor[:POINTERS])
        yield f"The descriptor differs at {shown}{f' and {more} more places' if more > 0 else ''}."
    elif not difference.any and not found.new_files and not found.gone_files:
        yield "The descriptor differs in the order of its properties only."
    for warning in found.gone_warnings:
        where = ": ".join(str(warning[part]) for part in ("resource", "field") if warning.get(part))
        yield f"No more: {warning['code']}{f' ({where})' if where else ''}."


def _moved(one: Money) -> str:
    """How one sum moves, such as “raise approved by 4.1 % (+210)”."""
    if one.difference == 0:
        return f"leave {one.measure} at {grouped(one.new or 0)}"
    verb = "raise" if one.difference > 0 else "lower"
    if not one.old:
        return f"{verb} {one.measure} to {grouped(one.new or 0)} ({signed(one.difference)})"
    share = _PERCENT.divide(_PERCENT.multiply(one.difference.copy_abs(), Decimal(100)), one.old.copy_abs())
    return f"{verb} {one.measure} by {_rounded(share)} % ({signed(one.difference)})"


def _rounded(share: Decimal) -> str:
    """A share in percent with one decimal; what would be rounded to nothing is “less than 0.1”."""
    if share < Decimal("0.05"):
        return "less than 0.1"
    return grouped(share.quantize(Decimal("0.1"), context=_PERCENT))


def _rows(found: Difference) -> str:
    kinds = {"added": found.added, "removed": found.removed, "changed": found.changed, "renamed": found.renamed}
    counts = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
    if not counts:
        return ": the facts stay"
    number, kind = counts[0].split(" ")
    return f": {number} {'fact' if number == '1' else 'facts'} {', '.join([kind, *counts[1:]])}"


def _shares(one: Money) -> Iterator[str]:
    """What makes up a difference, where it is more than one thing."""
    shares = {"added": one.added, "removed": one.removed.copy_negate(), "changed": one.corrected}
    parts = [f"{signed(amount)} is {kind}" for kind, amount in shares.items() if amount]
    if len(parts) > 1:
        yield f"Of {one.measure} {_and(parts)}."


def _terms(one: Money) -> Iterator[str]:
    if one.currency[0] != one.currency[1]:
        was, now = (code or "unknown" for code in one.currency)
        yield f"The currency of {one.measure} would be {now} instead of {was}."
    if one.factor[0] != one.factor[1]:
        yield f"The factor of {one.measure} would be {plain(one.factor[1])} instead of {plain(one.factor[0])}."


def _headers(one: Drift) -> Iterator[str]:
    if one.state in ("new", "gone"):
        yield f"Resource {one.resource} {'is new' if one.state == 'new' else 'would be gone'}."
        return
    for pair in one.renamed:
        values = "" if pair.values is None else f", their values by {pair.values} %"
        names = f"Their names are alike by {pair.names} %"
        yield f"{one.resource}: was column {pair.was} renamed to {pair.now}? {names}{values}."
    if one.new:
        yield f"{one.resource}: new columns: {', '.join(one.new)}."
    if one.gone:
        yield f"{one.resource}: columns that are gone: {', '.join(one.gone)}."


def _files(new: set[str], gone: set[str]) -> Iterator[str]:
    for what, names in (("Changed files", new & gone), ("New files", new - gone), ("Files that are gone", gone - new)):
        if names:
            yield f"{what}: {', '.join(sorted(names))}."


def _show_difference(found: Difference) -> None:
    if not found.any:
        return
    _show_money(found.money)
    if found.largest:
        _titled("Largest changes")
        columns = ("measure", "fact", "old", "new", "difference", "place")
        show_table(columns, [_change_row(one) for one in found.largest], right=("old", "new", "difference"))
    if found.renamings:
        _titled("Other labels")
        show_table(("column", "old", "new", "facts"), [_renaming_row(one) for one in found.renamings], right=("facts",))
    for one in found.totals:
        if one.changed and one.members <= MEMBERS:
            _show_totals(one)


def _show_money(money: Sequence[Money]) -> None:
    rows = [(one.measure, _amount(one.old), _amount(one.new), signed(one.difference)) for one in money]
    if rows:
        show_table(("measure", "old", "new", "difference"), rows, right=("old", "new", "difference"))


def _change_row(one: Change) -> tuple[object, ...]:
    fact = shorten(one.title, NARROW)
    place = _places(one.old_place, one.new_place)
    return one.measure, fact, _amount(one.old), _amount(one.new), signed(one.difference), place


def _renaming_row(one: Renaming) -> tuple[object, ...]:
    return one.column, shorten(one.old or "–", NARROW), shorten(one.new or "–", NARROW), f"{one.facts:,}"


def _show_totals(one: Totals) -> None:
    changing = [member for member in one.shown if member.difference]
    rows = [
        (
            shorten(member.key or "–", NARROW),
            shorten(member.label or "", NARROW),
            _amount(member.old),
            _amount(member.new),
            signed(member.difference),
        )
        for member in changing
    ]
    _titled(f"{one.measure} by {one.column}: {one.changed:,} of {_count(one.members, 'member')} would change")
    columns = ("member", "label", "old", "new", "difference")
    with_label = any(row[1] for row in rows)
    kept = [at for at, column in enumerate(columns) if with_label or column != "label"]
    show_table([columns[at] for at in kept], [[row[at] for at in kept] for row in rows], right=columns[2:])


def _titled(title: str) -> None:
    console().print(Text(f"\n{printable(title)}", style="bold"))


def _places(old: Place | None, new: Place | None) -> str:
    """Where a fact stood and would stand, each part said once."""
    before, after = (f"{one.name}: row {one.row}" if one else "" for one in (old, new))
    if old and new and before != after:
        return f"{before} → {new.row if old.name == new.name else after}"
    return after or before


def _amount(amount: Decimal | None) -> str:
    return "–" if amount is None else grouped(amount)


def signed(amount: Decimal) -> str:
    """An amount with its sign, such as +210 or -5; nothing is 0."""
    return f"+{grouped(amount)}" if amount > 0 else grouped(amount)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
