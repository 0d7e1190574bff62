"""Small packages in each of which a plain total would be wrong, with the sums that are right, added up by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.publishing.packages import AMOUNT, CODE, LABEL, YEAR


@dataclass(frozen=True)
class Trap:
    """`sums` are the right totals by the label of each choice; `kind` is what would be mixed."""

    name: str
    kind: str
    text: str
    sums: Mapping[str, str]
    fields: Sequence[Mapping[str, Any]]
    package: Mapping[str, Any] = field(default_factory=dict)
    default: str | None = None


def typed(name: str, column_type: str, type_: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "columnType": column_type, **more}


def plain(*names: str) -> list[dict[str, Any]]:
    """Fields without ColumnTypes, the last one a number."""
    return [{"name": one, "type": "number" if one == names[-1] else "string"} for one in names]


def model(amount: str, **dimensions: Sequence[str]) -> dict[str, Any]:
    """An FDP 0.3 model: dimension → its fields, of which the first is the key."""
    made: dict[str, dict[str, Any]] = {
        name: {"attributes": {one: {"source": one} for one in fields}, "primaryKey": fields[0]}
        for name, fields in dimensions.items()
    }
    made.get("date", {})["dimensionType"] = "datetime"
    return {"model": {"measures": {"amount": {"source": amount, "currency": "EUR"}}, "dimensions": made}}


PHASE = typed("phase", "phase:id")
PHASE_LABEL = typed("phase_name", "phase:label")
DIRECTION = typed("direction", "direction")
MONEY = typed("money", "value-currency:code")
KIND = typed("kind", "value-kind:code")
PLAIN_AMOUNT = {key: value for key, value in AMOUNT.items() if key != "currency"}
CHAPTER = typed("chapter", "functional-classification:generic:level1:code")
ARTICLE = typed("article", "functional-classification:generic:level2:code")
FUNCTION = typed("func", "functional-classification:generic:level1:code")
ECONOMIC = typed("econ", "economic-classification:generic:level1:code")
LINE = typed("line", "functional-classification:generic:level3:code")

BY_CODE = (("01", 300), ("01.1", 101), ("01.2", 102), ("01.3", 97), ("02", 45), ("02.1", 20), ("02.2", 25))
DETAILS = "2024,01,011,101\n2024,01,012,102\n2024,01,013,97\n2024,02,021,20.25\n2024,02,022,25.25\n"

TRAPS: tuple[Trap, ...] = (
    Trap(
        "phases by ColumnType",
        "phase",
        "year,code,phase,amount\n2024,1,approved,100\n2024,2,approved,50\n2024,1,executed,90\n2024,2,executed,45\n",
        {"approved": "150", "executed": "135"},
        (YEAR, CODE, PHASE, AMOUNT),
        default="executed",
    ),
    Trap(
        "phases with labels",
        "phase",
        "year,phase,phase_name,amount\n2024,A,Plan,100.10\n2024,E,Ist,90.05\n2025,A,Plan,7\n",
        {"Plan": "107.10", "Ist": "90.05"},
        (YEAR, PHASE, PHASE_LABEL, AMOUNT),
        default="Ist",
    ),
    Trap(
        "phases told by labels alone",
        "phase",
        "year,code,phase_name,amount\n2024,1,Proyecto,10\n2024,1,Aprobado,9\n2024,1,Pagado,8\n",
        {"Proyecto": "10", "Aprobado": "9", "Pagado": "8"},
        (YEAR, CODE, PHASE_LABEL, AMOUNT),
        default="Pagado",
    ),
    Trap(
        "a phase that is missing in some rows",
        "phase",
        "year,code,phase,amount\n2024,1,approved,100\n2024,1,,90\n2024,2,approved,50\n",
        {"approved": "150", "(missing)": "90"},
        (YEAR, CODE, PHASE, AMOUNT),
        default="approved",
    ),
    Trap(
        "phases in columns that become rows",
        "phase",
        "year,code,budget,spent\n2024,1,100,90\n2024,2,50,45\n",
        {"approved": "150", "executed": "135"},
        (
            YEAR,
            CODE,
            {"name": "budget", "type": "number", "normalize": {"phase": "approved"}},
            {"name": "spent", "type": "number", "normalize": {"phase": "executed"}},
        ),
        {"schema": {"extraFields": [PHASE, {**AMOUNT, "normalizationTarget": True}]}},
        default="executed",
    ),
    Trap(
        "phases in a model of FDP 0.3",
        "phase",
        "year,body,phase,amount\n2024,a,approved,100\n2024,b,approved,50\n2024,a,executed,90\n",
        {"approved": "150", "executed": "90"},
        plain("year", "body", "phase", "amount"),
        model("amount", date=["year"], body=["body"], phase=["phase"]),
        default="executed",
    ),
    Trap(
        "phases that only their words tell",
        "phase",
        "year,body,Budget/Actual,amount\n2024,a,Budget,100\n2024,b,Budget,50\n2024,a,Actual,90\n",
        {"Budget": "150", "Actual": "90"},
        plain("year", "body", "Budget/Actual", "amount"),
        model("amount", date=["year"], body=["body"], kind=["Budget/Actual"]),
        default="Actual",
    ),
    Trap(
        "Japanese words for phases under a name that says nothing",
        "phase",
        "year,body,区分,amount\n2024,a,予算,100\n2024,a,決算,90\n",
        {"予算": "100", "決算": "90"},
        plain("year", "body", "区分", "amount"),
        model("amount", date=["year"], body=["body"], sort=["区分"]),
        default="決算",
    ),
    Trap(
        "directions by ColumnType",
        "direction",
        "year,code,direction,amount\n2024,1,expenditure,100\n2024,2,revenue,80\n2024,3,revenue,30\n",
        {"expenditure": "100", "revenue": "110"},
        (YEAR, CODE, DIRECTION, AMOUNT),
        default="expenditure",
    ),
    Trap(
        "directions in German words",
        "direction",
        "year,body,Art,amount\n2024,a,Einnahmen,100\n2024,b,Ausgaben,70\n2024,a,Ausgaben,20\n",
        {"Einnahmen": "100", "Ausgaben": "90"},
        plain("year", "body", "Art", "amount"),
        model("amount", date=["year"], body=["body"], art=["Art"]),
        default="Ausgaben",
    ),
    Trap(
        "revenue and expenditure as the top of an economic classification",
        "direction",
        "year,code,label,amount\n2024,1,Revenue,100\n2024,2,Expenditure,90\n",
        {"Revenue": "100", "Expenditure": "90"},
        (
            YEAR,
            typed("code", "economic-classification:generic:level1:code"),
            typed("label", "economic-classification:generic:level1:label"),
            AMOUNT,
        ),
        default="Expenditure",
    ),
    Trap(
        "currencies by ColumnType",
        "currency",
        "year,code,money,amount\n2024,1,EUR,100\n2024,2,JPY,80000\n2024,3,EUR,30\n",
        {"EUR": "130", "JPY": "80000"},
        (YEAR, CODE, MONEY, PLAIN_AMOUNT),
        default="EUR",
    ),
    Trap(
        "a currency that is missing in some rows",
        "currency",
        "year,code,money,amount\n2024,1,EUR,100\n2024,2,,8\n2024,3,EUR,30\n",
        {"EUR": "130", "(missing)": "8"},
        (YEAR, CODE, MONEY, PLAIN_AMOUNT),
        default="EUR",
    ),
    Trap(
        "currencies that their name and signs tell",
        "currency",
        "year,body,Währung,amount\n2024,a,€,100\n2024,b,$,50\n2024,a,£,90\n",
        {"€": "100", "$": "50", "£": "90"},
        plain("year", "body", "Währung", "amount"),
        model("amount", date=["year"], body=["body"], money=["Währung"]),
    ),
    Trap(
        "versions of one budget",
        "version",
        "year,body,Version,amount\n2024,a,1,100\n2024,b,1,50\n2024,a,2,110\n2024,b,2,55\n",
        {"1": "150", "2": "165"},
        plain("year", "body", "Version", "amount"),
        model("amount", date=["year"], body=["body"], version=["Version"]),
    ),
    Trap(
        "versions by a ColumnType of the publisher's own",
        "version",
        "year,code,release,amount\n2024,1,first,100\n2024,1,second,90\n",
        {"first": "100", "second": "90"},
        (YEAR, CODE, typed("release", "version:id"), AMOUNT),
        {"columnTypes": [{"name": "version:id", "dataType": "string"}]},
    ),
    Trap(
        "kinds of amounts",
        "value-kind",
        "year,code,kind,amount\n2024,1,commitment,100\n2024,1,payment,60\n",
        {"commitment": "100", "payment": "60"},
        (YEAR, CODE, KIND, AMOUNT),
    ),
    Trap(
        "chapters above their articles, in columns",
        "level",
        "year,chapter,article,amount\n"
        "2024,01,,300\n2024,01,011,101\n2024,01,012,102\n2024,01,013,97\n"
        "2024,02,,45.50\n2024,02,021,20.25\n2024,02,022,25.25\n",
        {"lowest level": "345.50", "top level": "345.50"},
        (YEAR, CHAPTER, ARTICLE, AMOUNT),
        default="lowest level",
    ),
    Trap(
        "three levels in columns",
        "level",
        "year,chapter,article,line,amount\n"
        "2024,01,,,610\n2024,01,011,,300\n2024,01,011,0111,101\n2024,01,011,0112,199\n2024,01,012,,310\n"
        "2024,01,012,0121,110\n2024,01,012,0122,200\n2024,02,,,77\n2024,02,021,,77\n2024,02,021,0211,33\n"
        "2024,02,021,0212,44\n",
        {"lowest level": "687", "level 2": "687", "top level": "687"},
        (YEAR, CHAPTER, ARTICLE, LINE, AMOUNT),
        default="lowest level",
    ),
    Trap(
        "three levels in one column of codes",
        "level",
        "year,code,amount\n2024,01,610\n2024,01.1,300\n2024,01.1.1,101\n2024,01.1.2,199\n2024,01.2,310\n"
        "2024,01.2.1,110\n2024,01.2.2,200\n2024,02,77\n2024,02.1,30\n2024,02.2,25\n2024,02.3,22\n",
        {"lowest level": "687", "top level": "687"},
        (YEAR, typed("code", "functional-classification:generic:code"), AMOUNT),
        default="lowest level",
    ),
    Trap(
        "levels in one column, in each of two phases",
        "level",
        "year,code,phase,amount\n"
        + "".join(f"2024,{code},{phase},{amount}\n" for phase in ("approved", "executed") for code, amount in BY_CODE),
        {"lowest level": "345", "top level": "345"},
        (YEAR, typed("code", "functional-classification:generic:code"), PHASE, AMOUNT),
        default="lowest level",
    ),
    Trap(
        "a summary in one resource and its details in another",
        "level",
        "year,chapter,article,amount\n2024,01,,300\n2024,02,,45.50\n",
        {"lowest level": "345.50", "top level": "345.50"},
        (YEAR, CHAPTER, ARTICLE, AMOUNT),
        {
            "others": {
                "details": (
                    f"year,chapter,article,amount\n{DETAILS}",
                    {"fields": [YEAR, CHAPTER, ARTICLE, AMOUNT]},
                )
            }
        },
        default="lowest level",
    ),
)

BY_ARTICLE = (("011", "101"), ("012", "102"), ("013", "97"), ("021", "20.25"), ("022", "25.25"))

TRAPS += (
    Trap(
        "a phase that is no key of its dimension",
        "phase",
        "year,body,phase,amount\n2024,a,approved,100\n2024,b,approved,50\n2024,a,executed,90\n",
        {"approved": "150", "executed": "90"},
        plain("year", "body", "phase", "amount"),
        model("amount", date=["year"], body=["body", "phase"]),
        default="executed",
    ),
    Trap(
        "phases in a column of unknown meaning",
        "phase",
        "year,code,Stage,amount\n2024,1,Budget,100\n2024,2,Budget,7\n2024,1,Actual,90\n",
        {"Budget": "107", "Actual": "90"},
        (YEAR, CODE, typed("Stage", "unknown:string-1"), AMOUNT),
        default="Actual",
    ),
    Trap(
        "the same money by function in one resource and by economic nature in another",
        "level",
        "year,func,econ,amount\n2024,01,,100.75\n2024,02,,20\n2024,03,,79.50\n",
        {"lines.csv": "200.25", "other.csv": "200.25"},
        (YEAR, FUNCTION, ECONOMIC, AMOUNT),
        {
            "others": {
                "other": (
                    "year,func,econ,amount\n2024,,21,150.50\n2024,,22,49.75\n",
                    {"fields": [YEAR, FUNCTION, ECONOMIC, AMOUNT]},
                )
            }
        },
        default="lines.csv",
    ),
    Trap(
        "chapters above articles in one phase only",
        "level",
        "year,chapter,article,phase,amount\n"
        "2024,01,,approved,300\n2024,02,,approved,45.50\n"
        + "".join(f"2024,{code[:2]},{code},approved,{amount}\n" for code, amount in BY_ARTICLE)
        + "2024,01,011,executed,99\n2024,01,012,executed,7\n2024,02,021,executed,5\n",
        {"lowest level": "345.50", "top level": "345.50"},
        (YEAR, CHAPTER, ARTICLE, PHASE, AMOUNT),
        default="lowest level",
    ),
    Trap(
        "the total of each year beside its months",
        "level",
        "year,month,body,amount\n2024,,a,610\n2024,1,a,300\n2024,2,a,310\n2024,,b,77.50\n2024,1,b,30.50\n2024,2,b,47\n",
        {"lowest level": "687.50", "top level": "687.50"},
        (
            YEAR,
            typed("month", "date:fiscal-month", "integer"),
            typed("body", "administrative-classification:generic:level1:code"),
            AMOUNT,
        ),
        default="lowest level",
    ),
)

SOUND = (
    Trap(
        "one phase",
        "",
        "year,code,phase,amount\n2024,1,approved,100\n2024,2,approved,50\n",
        {"": "150"},
        (YEAR, CODE, PHASE, AMOUNT),
    ),
    Trap(
        "phases as measures of their own",
        "",
        "year,code,budget,spent\n2024,1,100,90\n2024,2,50,45\n",
        {"": "150"},
        [*plain("year", "code", "budget")[:2], *plain("budget"), *plain("spent")],
        {
            "model": {
                "measures": {
                    "amount": {"source": "budget", "currency": "EUR", "phase": "approved"},
                    "spent": {"source": "spent", "currency": "EUR", "phase": "executed"},
                },
                "dimensions": {
                    "date": {
                        "attributes": {"year": {"source": "year"}},
                        "primaryKey": "year",
                        "dimensionType": "datetime",
                    },
                    "code": {"attributes": {"code": {"source": "code"}}, "primaryKey": "code"},
                },
            }
        },
    ),
    Trap(
        "a status of payments",
        "",
        "year,body,Status,amount\n2024,a,Approved,100\n2024,b,Paid,50\n",
        {"": "150"},
        plain("year", "body", "Status", "amount"),
        model("amount", date=["year"], body=["body"], status=["Status"]),
    ),
    Trap(
        "kinds of revenue alone",
        "",
        "year,code,label,amount\n2024,1,Tax revenue,100\n2024,2,Other revenue,50\n",
        {"": "150"},
        (YEAR, CODE, LABEL, AMOUNT),
    ),
    Trap(
        "nested levels of which each row has all",
        "",
        "year,chapter,article,amount\n2024,01,011,101\n2024,01,012,102\n2024,02,021,20\n",
        {"": "223"},
        (YEAR, CHAPTER, ARTICLE, AMOUNT),
    ),
    Trap(
        "chapters without articles that sum up nothing",
        "",
        "year,chapter,article,amount\n2024,01,011,101\n2024,01,012,102\n2024,02,,20\n2024,03,031,7\n",
        {"": "230"},
        (YEAR, CHAPTER, ARTICLE, AMOUNT),
    ),
    Trap(
        "codes below codes that are no sums",
        "",
        "year,code,amount\n2024,01,5\n2024,01.1,300\n2024,01.2,101\n2024,02,7\n2024,02.1,199\n2024,02.2,310\n",
        {"": "922"},
        (YEAR, typed("code", "functional-classification:generic:code"), AMOUNT),
    ),
    Trap(
        "countries whose codes look like those of currencies",
        "",
        "year,body,country,amount\n2024,a,ALL,100\n2024,b,COP,50\n",
        {"": "150"},
        plain("year", "body", "country", "amount"),
        model("amount", date=["year"], body=["body"], country=["country"]),
    ),
)
