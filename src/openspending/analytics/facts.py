"""The fact table as SQL: the denormalised form of a package, typed, factors applied, with lineage on every fact.

Pure text; `build.py` runs it. Its input are the raw relations that `etl.check` has loaded and found right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openspending.etl.check import Checked
from openspending.fdp.denormalise import Branch, Constant, FromField, Origin, Plan, Unpivoted
from openspending.fdp.model import Attribute, Measure, Model
from openspending.fdp.package import Field, Resource
from openspending.fdp.sqltext import identifier, literal
from openspending.fdp.values import Reading, reading

# Separators that no parsed cell of a text file is likely to hold, so that ("a", null) and ("a␟", "") differ.
_BETWEEN, _NULL = "chr(31)", "chr(30)"
_DECIMALS = 12
_RID_DIGITS = 24  # 96 bits of sha-256: two of 10⁸ different facts share one with a chance of 10⁻¹³


@dataclass(frozen=True, slots=True)
class FactTable:
    """`select`: one row per fact with `columns`, those of its `lineage` (where it stands in the sources) and `_n`, the
    measure column of its row that it was made from. `rid`: the content id of a row of it, before repeats are told
    apart."""

    select: str
    columns: tuple[str, ...]
    rid: str
    lineage: tuple[str, ...]


def fact_table(plan: Plan, model: Model, checked: Checked) -> FactTable:
    """The SQL of all branches of `plan`, stacked."""
    widths = {one.column: _width(one, plan, checked) for one in model.measures}
    columns = [name for name, _ in _typed_columns(plan.branches[0])]
    sheets = any(_sheet(branch.resource) is not None for branch in plan.branches)
    selects = [_select(branch, checked, widths, sheets=sheets) for branch in plan.branches]
    lineage = ("_file", "_sheet", "_row") if sheets else ("_file", "_row")
    return FactTable(" UNION ALL ".join(selects), tuple(columns), _rid(plan, checked, widths), lineage)


def _typed_columns(branch: Branch) -> Iterator[tuple[str, Attribute | Measure]]:
    yield from ((one.column, one) for one, _ in branch.attributes)
    yield from ((one.column, one) for one, _ in branch.measures)


# ── amounts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Width:
    """Digits left and right of the point that a measure's cells need, and its factor."""

    digits: int
    scale: int
    factor: Decimal

    @property
    def cell(self) -> tuple[int, int]:
        """What the cells need; a number needs one digit at least."""
        return max(self.digits, 1 - min(self.scale, 1)), self.scale

    @property
    def multiplier(self) -> tuple[int, int]:
        """What the factor needs."""
        _, digits, exponent = self.factor.as_tuple()
        scale = max(-int(exponent), 0)
        return max(len(digits) + int(exponent), 1 - min(scale, 1)), scale

    @property
    def fact(self) -> tuple[int, int]:
        """Width and scale of the fact column: 18 digits, which sum fastest, or else 38."""
        digits, scale = self.cell
        if self.factor != 1:
            digits, scale = digits + self.multiplier[0], scale + self.multiplier[1]
        return (18 if digits + scale <= 18 else 38), scale


def _width(measure: Measure, plan: Plan, checked: Checked) -> _Width:
    sizes = [size for branch in plan.branches for size in _sizes(measure, branch, checked)]
    digits, scale = (max((size[n] for size in sizes), default=0) for n in (0, 1))
    return _Width(digits, scale, measure.factor.normalize())


def _sizes(measure: Measure, branch: Branch, checked: Checked) -> Iterator[tuple[int, int]]:
    for one, origin in branch.measures:
        if one.name == measure.name:
            fields = branch.unpivot if isinstance(origin, Unpivoted) else _fields(origin)
            for field in fields:
                yield checked.decimals.get((branch.resource.name, field.name), (0, 0))


def _fields(origin: Origin) -> tuple[Field, ...]:
    return (origin.field,) if isinstance(origin, FromField) else ()


def _amount(text: Reading, column: str, width: _Width) -> str:
    value = text.value(column, width.cell)
    if width.factor != 1:
        digits, scale = width.multiplier
        value = f"{value} * CAST('{width.factor:f}' AS DECIMAL({digits + scale}, {scale}))"
    return f"CAST({value} AS DECIMAL({width.fact[0]}, {width.fact[1]}))"


# ── one branch ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _select(branch: Branch, checked: Checked, widths: dict[str, _Width], *, sheets: bool) -> str:
    tables = [branch.resource.name, *(one.resource for one in branch.joins)]
    scope = _Scope(branch, tuple(tables), checked)
    parts = [f"{scope.attribute(one, origin)} AS {identifier(one.column)}" for one, origin in branch.attributes]
    parts += [f"{scope.measure(one, origin, widths)} AS {identifier(one.column)}" for one, origin in branch.measures]
    parts += [f"{_path(branch.resource)} AS _file", "t0._row AS _row", "t0._n AS _n"]
    if sheets:
        sheet = _sheet(branch.resource)
        parts.append(f"CAST({'NULL' if sheet is None else literal(sheet)} AS VARCHAR) AS _sheet")
    count = max(len(branch.unpivot), 1)
    source = f"SELECT *, {f'unnest(range({count}))' if count > 1 else '0'} AS _n FROM {scope.relation(0)}"
    joins = "".join(scope.join(number) for number in range(1, len(tables)))
    where = ""
    if branch.unpivot:
        # A line without an amount for this phase or year states nothing: it makes no fact.
        where = f" WHERE {scope.unpivoted(lambda text, column: text.text(column))} IS NOT NULL"
    return f"SELECT {', '.join(parts)} FROM ({source}) AS t0{joins}{where}"


def _path(resource: Resource) -> str:
    if len(resource.paths) < 2:
        return literal(resource.paths[0] if resource.paths else "datapackage.json")
    cases = " ".join(f"WHEN {number} THEN {literal(path)}" for number, path in enumerate(resource.paths))
    return f"CASE t0._file {cases} END"


def _sheet(resource: Resource) -> str | None:
    """The sheet of a workbook that a resource lies in: its name, or else its number; None where none is declared."""
    number = resource.dialect.sheet_number
    return resource.dialect.sheet_name or (None if number is None else str(number))


@dataclass(frozen=True, slots=True)
class _Scope:
    """The tables of one branch, and the expressions over them."""

    branch: Branch
    tables: tuple[str, ...]
    checked: Checked

    def resource(self, table: int) -> Resource:
        found = self.branch.resource if table == 0 else self.checked.package.resource(self.tables[table])
        if found is None:
            raise LookupError(self.tables[table])
        return found

    def relation(self, table: int) -> str:
        return identifier(self.checked.loaded[self.tables[table]].relation)

    def join(self, table: int) -> str:
        join = self.branch.joins[table - 1]
        pairs = zip(join.left, join.right, strict=True)
        tests = [f"{self._key(join.source, left)} = {self._key(table, right)}" for left, right in pairs]
        return f" LEFT JOIN {self.relation(table)} AS t{table} ON {' AND '.join(tests)}"

    def _key(self, table: int, name: str) -> str:
        column, text = self._cell(table, name, "string")
        return text.text(column)

    def _cell(self, table: int, name: str, type_: str) -> tuple[str, Reading]:
        schema = self.resource(table).schema
        number = next(n for n, one in enumerate(schema.fields) if one.name == name)
        return f"t{table}.f{number}", reading(schema.fields[number], schema.missing_values, type_)

    def attribute(self, one: Attribute, origin: Origin) -> str:
        type_ = self.checked.types.get((one.resource, one.source or ""), one.type)
        if isinstance(origin, Constant):
            return constant_sql(origin.value, origin.field, type_)
        if isinstance(origin, FromField):
            column, text = self._cell(origin.table, origin.field.name, type_)
            size = self.checked.decimals.get((self.tables[origin.table], origin.field.name), (0, 0))
            own = text.value(column, _Width(*size, Decimal(1)).cell if type_ == "number" else None)
            return self._with_ancestors(one, own) if one.partial else own
        whens = " ".join(
            f"WHEN {n} THEN {constant_sql(value, origin.field, type_)}" for n, value in enumerate(origin.values)
        )
        return f"CASE t0._n {whens} END"

    def _with_ancestors(self, one: Attribute, own: str) -> str:
        """A code that is only unique inside its parent, as “parent - code” (rule of babbage_fiscal)."""
        siblings = {other.name: (other, origin) for other, origin in self.branch.attributes if self._kin(other, one)}
        parent = siblings.get(one.parent or "")
        if parent is None:
            return own
        return f"CASE WHEN {own} IS NOT NULL THEN concat_ws(' - ', {self.attribute(*parent)}, {own}) END"

    def _kin(self, other: Attribute, one: Attribute) -> bool:
        dimensions = self.checked.model.dimensions
        return any(other in dimension.attributes and one in dimension.attributes for dimension in dimensions)

    def measure(self, one: Measure, origin: Origin, widths: dict[str, _Width]) -> str:
        width = widths[one.column]
        if isinstance(origin, FromField):
            column, text = self._cell(origin.table, origin.field.name, "number")
            return _amount(text, column, width)
        if isinstance(origin, Unpivoted):
            return self.unpivoted(lambda text, column: _amount(text, column, width))
        raise TypeError(f"measure {one.name} is a constant")

    def unpivoted(self, make: Callable[[Reading, str], str]) -> str:
        whens = []
        for number, field in enumerate(self.branch.unpivot):
            column, text = self._cell(0, field.name, "number")
            whens.append(f"WHEN {number} THEN {make(text, column)}")
        return f"CASE t0._n {' '.join(whens)} END"


def constant_sql(value: Any, field: Field | None, type_: str) -> str:
    """A constant of the descriptor, read as the cells of `field` would be when it is physical text."""
    plain = Field("constant", type=type_)
    if value is None:
        return f"CAST(NULL AS {reading(plain, (), type_).sql_type((1, 0))})"
    if isinstance(value, str):
        return reading(field or plain, (), type_).value(literal(value))
    text = str(value).lower() if isinstance(value, bool) else f"{Decimal(value):f}"
    return reading(plain, (), type_).value(literal(text))


# ── content ids ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _rid(plan: Plan, checked: Checked, widths: dict[str, _Width]) -> str:
    """Hash of a fact's values in the order of their column names, so that the same content has the same id in every
    revision, wherever its row stands and however its amounts are written."""
    texts = {}
    for one, _ in plan.branches[0].attributes:
        text = identifier(one.column) if one.type == "string" else f"CAST({identifier(one.column)} AS VARCHAR)"
        texts[one.column] = text if _never_null(one, plan, checked) else f"coalesce({text}, {_NULL})"
    for measure in checked.model.measures:
        text = _canonical(identifier(measure.column), widths[measure.column].fact[1])
        texts[measure.column] = f"coalesce({text}, {_NULL})"
    parts = ", ".join(texts[name] for name in sorted(texts))
    return f"left(sha256(concat_ws({_BETWEEN}, {parts})), {_RID_DIGITS})"


def _canonical(amount: str, scale: int) -> str:
    """An amount as text with at least 12 decimals, whatever the scale of its column in this revision.

    Padding by a literal costs nothing; taking closing zeros away took as long as all other columns together.
    """
    text = f"CAST({amount} AS VARCHAR)"
    if scale <= _DECIMALS:
        return f"{text} || {literal(('' if scale else '.') + '0' * (_DECIMALS - scale))}"
    trimmed = f"rtrim({text}, '0')"
    length = f"CAST(greatest(strlen({trimmed}), strpos({text}, '.') + {_DECIMALS}) AS INTEGER)"
    return f"rpad({trimmed}, {length}, '0')"


def _never_null(attribute: Attribute, plan: Plan, checked: Checked) -> bool:
    """Whether all texts of a column are known and none is missing. It only saves time: asking each value for null
    takes as long as hashing it."""
    for branch in plan.branches:
        origin = next(origin for one, origin in branch.attributes if one.column == attribute.column)
        if not isinstance(origin, FromField) or origin.table or attribute.partial:
            return False
        schema = branch.resource.schema
        texts = checked.loaded[branch.resource.name].distinct.get(schema.fields.index(origin.field))
        read = reading(origin.field, schema.missing_values, attribute.type)
        if texts is None or any(read.is_missing(one) for one in texts.to_pylist()):
            return False
    return True
