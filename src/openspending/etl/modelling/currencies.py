"""Currencies as people write them beside amounts: signs, abbreviations and ISO 4217 codes."""

from __future__ import annotations

import re
from typing import Final

from openspending.fdp.money import currency_status

# A sign that several countries use has all its currencies, the likeliest first: which one it is has to be asked.
_SIGNS: Final = {
    "£": "GBP", "€": "EUR", "¥": "JPY CNY", "￥": "CNY JPY", "₹": "INR", "₪": "ILS", "₺": "TRY", "₽": "RUB",
    "₴": "UAH", "₩": "KRW", "₦": "NGN", "₫": "VND", "đ": "VND", "₱": "PHP", "₡": "CRC", "₲": "PYG", "₵": "GHS",
    "₸": "KZT", "₮": "MNT", "₭": "LAK", "₼": "AZN", "₾": "GEL", "฿": "THB", "៛": "KHR", "৳": "BDT", "؋": "AFN",
    "﷼": "IRR SAR YER OMR QAR", "֏": "AMD", "$": "USD CAD AUD MXN COP CLP ARS NZD SGD", "us$": "USD", "u$s": "USD",
    "c$": "CAD NIO", "ca$": "CAD", "cad$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD",
    "s$": "SGD", "r$": "BRL", "mx$": "MXN", "mex$": "MXN", "j$": "JMD", "tt$": "TTD", "rd$": "DOP", "z$": "ZWL",
    "zł": "PLN", "kč": "CZK", "ft": "HUF", "kr": "SEK NOK DKK ISK", "kr.": "DKK SEK NOK ISK", "r": "ZAR", "rm": "MYR",
    "rp": "IDR", "rp.": "IDR", "s/": "PEN", "s/.": "PEN", "bs": "BOB VES", "bs.": "BOB VES", "q": "GTQ", "l": "HNL ALL",
    "lei": "RON MDL", "leu": "RON MDL", "лв": "BGN", "лв.": "BGN", "ден": "MKD", "ден.": "MKD", "дин": "RSD",
    "дин.": "RSD", "din": "RSD", "din.": "RSD", "руб": "RUB", "руб.": "RUB", "грн": "UAH", "грн.": "UAH", "сом": "KGS",
    "тг": "KZT", "тенге": "KZT", "lekë": "ALL", "lek": "ALL", "km": "BAM", "kn": "HRK", "ls": "LVL", "lt": "LTL",
    "元": "CNY TWD", "円": "JPY", "원": "KRW", "rs": "INR PKR LKR NPR MUR", "rs.": "INR PKR LKR NPR MUR",
    "ksh": "KES", "kshs": "KES", "tsh": "TZS", "ush": "UGX", "br": "ETB BYN", "fr": "CHF", "fr.": "CHF", "sfr": "CHF",
    "sfr.": "CHF", "fcfa": "XOF XAF", "f cfa": "XOF XAF", "gh₵": "GHS", "gh¢": "GHS", "p": "BWP PHP", "د.إ": "AED",
    "د.ت": "TND", "د.ج": "DZD", "د.ك": "KWD", "ر.س": "SAR", "ج.م": "EGP", "د.أ": "JOD", 'ש"ח': "ILS", "ש״ח": "ILS",
    "nis": "ILS", "tl": "TRY", "euro": "EUR", "euros": "EUR", "eur.": "EUR", "dm": "DEM", "leva": "BGN",
}  # fmt: skip
# Letters that mark a footnote (“p” provisional, “r” revised) as often as a currency are one before the number only.
_BEFORE_ONLY: Final = frozenset({"r", "p", "q", "l", "s/", "s/.", "br"})


def currencies(text: str, *, before: bool) -> tuple[str, ...]:
    """The ISO 4217 codes that `text` beside a number can mean, the likeliest first; () when it is no currency."""
    key = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ").strip()
    if re.fullmatch("[A-Z]{3}", key) and currency_status(key) != "unknown":
        return (key,)
    key = key.casefold()
    if not before and key in _BEFORE_ONLY:
        return ()
    return tuple(_SIGNS.get(key, "").split())
