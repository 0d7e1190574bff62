"""Units of amounts in labels and banner lines of many languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from openspending.etl.modelling.units import read_unit

THOUSAND, MILLION, BILLION = Decimal(1000), Decimal(10**6), Decimal(10**9)


def said(text: str, *, prose: bool = False) -> dict[str, object]:
    return {one.kind: one.value for one in read_unit(text, prose=prose)}


def candidates(text: str, kind: str) -> tuple[object, ...]:
    return next(one.others for one in read_unit(text) if one.kind == kind)


@pytest.mark.parametrize(
    ("text", "factor", "currency"),
    [
        ("Budget (in thousands)", THOUSAND, None),
        ("US Dollars in millions", MILLION, "USD"),
        ("£000", THOUSAND, "GBP"),
        ("£'000", THOUSAND, "GBP"),
        ("£m", MILLION, "GBP"),
        ("R'000", THOUSAND, "ZAR"),
        ("R million", MILLION, "ZAR"),
        ("Amount (KSh Millions)", MILLION, "KES"),
        ("UShs 000s", THOUSAND, "UGX"),
        ("UGX Bn", BILLION, "UGX"),
        ("PHP '000", THOUSAND, "PHP"),
        ("A$ million", MILLION, "AUD"),
        ("NT$ thousand", THOUSAND, "TWD"),
        ("(₹ in Crores)", Decimal(10**7), "INR"),
        ("Indian Rupees in lakh", Decimal(10**5), "INR"),
        ("en miles de pesos mexicanos", THOUSAND, "MXN"),
        ("Montants en milliers d'euros", THOUSAND, "EUR"),
        ("Md€", BILLION, "EUR"),
        ("M€", MILLION, "EUR"),
        ("Betrag in Tsd. EUR", THOUSAND, "EUR"),
        ("in Mio. €", MILLION, "EUR"),
        ("TEUR", THOUSAND, "EUR"),
        ("kEUR", THOUSAND, "EUR"),
        ("migliaia di euro", THOUSAND, "EUR"),
        ("Valor (R$ mil)", THOUSAND, "BRL"),
        ("Dotação (R$ milhões)", MILLION, "BRL"),
        ("mil euros", THOUSAND, "EUR"),
        ("(x € 1.000)", THOUSAND, "EUR"),
        ("bedragen in duizenden euro's", THOUSAND, "EUR"),
        ("Wydatki (w tys. zł)", THOUSAND, "PLN"),
        ("Rozpočet (tis. Kč)", THOUSAND, "CZK"),
        ("mil. Kč", MILLION, "CZK"),
        ("v tis. EUR", THOUSAND, "EUR"),
        ("u tisućama kuna", THOUSAND, "HRK"),
        ("mil. kn", MILLION, "HRK"),
        ("у хиљадама РСД", THOUSAND, "RSD"),
        ("v 1.000 EUR", THOUSAND, "EUR"),
        ("ezer Ft", THOUSAND, "HUF"),
        ("millió forint", MILLION, "HUF"),
        ("mii lei noi", THOUSAND, "RON"),
        ("хил. лв.", THOUSAND, "BGN"),
        ("σε χιλ. ευρώ", THOUSAND, "EUR"),
        ("εκατ. €", MILLION, "EUR"),
        ("Сумма, тыс. рублей", THOUSAND, "RUB"),
        ("тис. грн", THOUSAND, "UAH"),
        ("млрд тенге", BILLION, "KZT"),
        ("bin TL", THOUSAND, "TRY"),
        ("milyon TL", MILLION, "TRY"),
        ("mkr", MILLION, "SEK"),
        ("tusental svenska kronor", THOUSAND, "SEK"),
        ("mio. danske kroner", MILLION, "DKK"),
        ("1000 norske kroner", THOUSAND, "NOK"),
        ("1 000 euroa", THOUSAND, "EUR"),
        ("milj. euroa", MILLION, "EUR"),
        ("tuhat eurot", THOUSAND, "EUR"),
        ("tūkst. Eur", THOUSAND, "EUR"),
        ('אלפי ש"ח', THOUSAND, "ILS"),
        ("במיליוני ש״ח", MILLION, "ILS"),
        ("بملايين الدولارات", MILLION, None),
        ("مليون درهم مغربي", MILLION, "MAD"),
        ("予算額（千円）", THOUSAND, "JPY"),
        ("（単位：百万円）", MILLION, "JPY"),
        ("金額(億円)", Decimal(10**8), "JPY"),
        ("单位：人民币万元", Decimal(10**4), "CNY"),
        ("單位：新臺幣千元", THOUSAND, "TWD"),
        ("예산액(백만원)", MILLION, "KRW"),
        ("단위: 천원", THOUSAND, "KRW"),
        ("dalam juta rupiah", MILLION, "IDR"),
        ("triệu đồng", MILLION, "VND"),
        ("tỷ đồng", BILLION, "VND"),
        ("në mijë lekë", THOUSAND, "ALL"),
        ("во илјади денари", THOUSAND, "MKD"),
        ("ล้านบาท", MILLION, "THB"),
        ("value_eur_mn", MILLION, "EUR"),
        ("amount_usd", None, "USD"),
        ("Total (ALL million)", MILLION, "ALL"),
        ("PAID (million guaraníes)", MILLION, "PYG"),
    ],
)
def test_units_are_read_in_many_languages(text: str, factor: Decimal | None, currency: str | None) -> None:
    found = said(text)
    assert (found.get("factor"), found.get("currency")) == (factor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "One Million Trees",
        "Payments over £25,000",
        "Spend over £1000",
        "in thousands of households",
        "Distance (km)",
        "Steam mill",
        "Code 1000",
        "Valor em R$ 1.000,00",
        "직원",
        "Bin collection",
        "MB of data",
        "Cohesion Fund (€)",
    ],
)
def test_what_is_no_unit_is_no_factor(text: str) -> None:
    assert "factor" not in said(text, prose=True)


@pytest.mark.parametrize("text", ["BALANCE ALL", "TRY AGAIN", "Description_FR", "Height (ft)", "Top Up", "직원", "ID"])
def test_codes_that_are_words_are_no_currencies(text: str) -> None:
    assert "currency" not in said(text)


@pytest.mark.parametrize("text", ["mil €", "(mil)", "M$"])
def test_what_is_thousand_here_and_million_there_is_not_decided(text: str) -> None:
    assert said(text)["factor"] is None
    assert set(candidates(text, "factor")) == {THOUSAND, MILLION}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("$", {"USD", "AUD", "CLP"}),
        ("¥", {"JPY", "CNY"}),
        ("Rs. crore", {"INR", "PKR"}),
        ("mill. kr", {"NOK", "DKK", "SEK"}),
        ("Montant en FCFA", {"XOF", "XAF"}),
        ("USD/EUR", {"USD", "EUR"}),
        ("Miles de pesos", {"MXN", "COP"}),
        ("mii lei", {"RON", "MDL"}),
    ],
)
def test_a_sign_of_several_countries_is_not_decided(text: str, codes: set[str]) -> None:
    assert said(text)["currency"] is None
    assert codes <= set(candidates(text, "currency"))


def test_a_code_beside_a_sign_decides_what_the_sign_means() -> None:
    assert said("AUD $m") == {"factor": MILLION, "currency": "AUD"}
