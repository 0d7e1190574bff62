"""How often letters outside ASCII are used in the languages that budgets are written in, per 10,000 letters.

From published tables of letter frequencies, rounded. They need not be exact: they tell “ñ” in Spanish from “ń” in
Polish, and a text from the same bytes read as another alphabet.
"""

from __future__ import annotations

from typing import Final

_LATIN: Final = {
    "English": "é2 è1 ö1 ü1 ï1 ç1 á1 ñ1 ô1",
    "French": "é190 è35 à49 ê22 ç9 â5 î5 ô6 û6 ù6 ë1 ï1 œ2 ü1 æ1 ñ1",
    "German": "ü100 ä58 ö44 ß31 é1",
    "Spanish": "ó105 í73 á50 é43 ñ31 ú17 ü1 ç1 à1",
    "Catalan": "ó50 é40 à60 è30 í40 ò20 ú10 ç15 ï5 ü5 á1 ñ1",
    "Portuguese": "ã90 ç85 á50 é34 ó30 í30 ê35 ú21 õ20 â25 à7 ô10 ü1",
    "Italian": "à70 è26 ù17 ò15 ì10 é6 á1 ö1 ü1",
    "Dutch": "ë6 é5 ï2 ö2 è1 ü1 ó1 ê1 ä1",
    "Swedish": "ä180 ö131 å134 é3 ü1",
    "Danish or Norwegian": "å119 æ87 ø94 é3 ö2 ä1",
    "Finnish": "ä358 ö44 å2 é1 š1",
    "Icelandic": "á180 ð440 é65 í157 ö78 ó99 þ146 ú61 ý23 æ87",
    "Polish": "ł175 ę113 ą102 ż89 ó82 ś68 ć45 ń19 ź6 ü1 ö1 é1",
    "Czech": "í164 ě122 ý100 á87 ž72 š69 é63 č46 ř38 ů20 ú5 ó2 ď2 ň2 ť2",
    "Slovak": "á110 í90 é70 ý80 ž70 č100 š80 ú60 ť50 ľ45 ň15 ó10 ô15 ä10 ď15 ŕ2 ĺ2 ě1 ř1",
    "Hungarian": "é350 á337 ö107 ő88 ó99 ü60 í50 ú28 ű18",
    "Romanian": "ă330 ţ100 ș60 ț100 ş120 î90 â50 é1 á1 ö1",
    "Croatian or Slovene": "č130 š100 ž60 ć80 đ30 ü1 ö1",
    "Lithuanian": "ė165 ų120 š110 ž80 į60 ū45 č40 ą25 ę15",
    "Latvian": "ā390 ī180 ē170 ū60 š80 ž25 ņ70 ļ45 č15 ķ20 ģ15 ō1",
    "Estonian": "ä100 õ95 ü65 ö20 š3 ž1",
    "Turkish": "ı510 ğ112 ş178 ü185 ö78 ç115 İ30 â5 î1 û1",
    "Vietnamese": "đ240 ă70 â130 ê130 ô130 ơ90 ư170 á100 à150 ó60 ò30 í50 ì30 ú40 ù30 é20 è20 ý20 õ10 ã30",
}
_OTHER: Final = {
    "Russian": """о1090 е845 а800 и735 н670 т626 с547 р473 в454 л440 к349 м321 д298 п281 у262 я201 ы190 ь174 г170
        з165 б159 ч144 й121 х97 ж94 ш73 ю64 ц48 щ36 э32 ф26 ъ4 ё8""",
    "Ukrainian": """о970 а800 н680 и610 і570 в530 т530 е510 р470 с460 к400 л350 д330 у330 м300 п280 я230 ь210 з210
        г150 б150 ч120 х100 й95 ц85 ю85 ж80 є60 ї60 щ50 ш50 ф35 ґ1 ’1""",
    "Bulgarian": """а1150 о870 и880 е860 т700 н640 р480 с480 в440 л340 к320 д310 п250 м240 з210 я180 ъ180 г150 у140
        б140 ч140 ц80 ж60 щ60 х55 й50 ш40 ф20 ю12 ь2""",
    "Serbian or Macedonian": """а1150 о900 и930 е900 н570 р500 с500 т430 ј430 д380 к370 у410 в400 м330 л320
        п300 з170 г170 б160
        ч100 ш100 ж60 ћ60 х60 ц80 љ50 њ60 ђ20 ф20 џ5 ѓ20 ќ30 ѕ2""",
    "Greek": """α870 ο820 ι650 τ780 ε640 σ450 ς390 ν600 η450 υ320 ρ410 π400 κ400 μ340 λ290 ω180 δ180 γ170 ί190
        ό170 ά190 έ190 θ120 χ110 ή100 φ90 ύ80 β70 ώ70 ξ40 ζ30 ψ10 ϊ5 ϋ2 ΐ1 ΰ1""",
    "Hebrew": """י1100 ו1050 ה980 ל700 א630 ת570 ר560 ש500 מ500 ב480 נ350 ם330 ד300 ח250 ע300 ק220 פ200 כ200 ן120
        ט130 ג130 צ110 ס160 ז80 ף20 ך60 ץ10""",
    "Arabic": """ا1250 ل1170 ي680 م620 و600 ن580 ر500 ت480 ب370 ة360 ع350 د320 س270 ف270 ه260 ك200 ق230 أ250 ح190
        ج150 ش110 ص110 ط100 ى90 خ90 إ90 ض80 ز70 ء50 ث50 ذ50 ئ50 غ40 ظ20 ؤ20 آ20 ی300 ک150 پ60 گ60 چ30 ژ5""",
    "Thai": """า780 น680 ร620 อ510 ก550 เ450 ง400 ่400 ม320 ย310 ้300 ั300 ล290 ว280 ด270 ี270 ท270 ส240 ต220
        ะ200 ิ240 ป190 บ190 ค180 แ170 ห180 จ150 พ150 ช120 ข110 ใ110 โ90 ุ140 ู110 ำ100 ์140 ธ80 ไ110 ็60
        ถ60 ณ60 ศ60 ผ50 ซ40 ึ60 ื80 ษ50 ญ40 ภ40 ฐ30 ฎ10 ฏ5 ฆ5 ฝ10 ฟ20 ๆ10""",
}
_UNKNOWN: Final = 0.0002  # for a letter that the language does not use, among those outside ASCII
_MIXED: Final = 0.85  # how many of the letters are its own in a file of another alphabet: codes and names are Latin
_SMALL_WORDS: Final = {
    "English": "the of and for to in by from with",
    "French": "de la le les des du et en pour par aux sur dans",
    "German": "der die das und für von des den im zur zum mit auf",
    "Spanish": "de la el los las del y en para por con al",
    "Catalan": "de la el els les del i en per amb al dels",
    "Portuguese": "de da do dos das e em para por com ao na no",
    "Italian": "di del della dei delle e per il la le in da al con",
    "Dutch": "de het van en voor een in op te met aan",
    "Swedish": "och av i att till den det en som med",
    "Danish or Norwegian": "og af til i for den det en med ved på",
    "Finnish": "ja on tai sekä",
    "Icelandic": "og til um af í með",
    "Polish": "w i na z do oraz dla od ze przez",
    "Czech": "a v na z do pro ze od s o",
    "Slovak": "a v na z do pre zo od s o",
    "Hungarian": "a az és egy nem",
    "Romanian": "de la pentru din cu pe ale al",
    "Croatian or Slovene": "i u na za od iz s te po",
    "Lithuanian": "ir iš su ne nuo",
    "Latvian": "un no ar par pie uz",
    "Estonian": "ja ning on sh",
    "Turkish": "ve ile için bir",
    "Vietnamese": "cho theo trong khi",
}


_HOMES: Final = (  # code pages and the languages that they were made for
    ("windows-1252 iso-8859-1 iso-8859-15 cp850 cp437 macintosh", tuple(_LATIN)[: tuple(_LATIN).index("Polish")]),
    (
        "windows-1250 iso-8859-2 iso-8859-16 cp852 mac-latin2",
        ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian or Slovene"),
    ),
    ("windows-1257 iso-8859-13 cp775", ("Lithuanian", "Latvian", "Estonian")),
    ("windows-1254 iso-8859-9 cp857", ("Turkish",)),
    ("windows-1258", ("Vietnamese",)),
)
_AT_HOME: Final = {page: languages for pages, languages in _HOMES for page in pages.split()}


def _table(written: str) -> dict[str, int]:
    return {part[0]: int(part[1:]) for part in written.split()}


LANGUAGES: Final = {name: _table(written) for name, written in {**_LATIN, **_OTHER}.items()}
OTHERS: Final = frozenset(_OTHER)
_SUMS: Final = {name: sum(table.values()) for name, table in LANGUAGES.items()}
SMALL_WORDS: Final = {name: frozenset(words.split()) for name, words in _SMALL_WORDS.items()}


def share(letter: str, language: str) -> float:
    """How often `letter`, small or capital, is met among the letters outside ASCII of `language`: 1 would be always."""
    table = LANGUAGES[language]
    found = max(table.get(letter, 0), table.get(letter.lower(), 0)) / _SUMS[language]
    return max(found, _UNKNOWN)


def outside(language: str) -> float:
    """How many of the letters of a text in `language` are outside ASCII: 1 would be all."""
    return _SUMS[language] / 10_000 if language in _LATIN else _MIXED


def at_home(language: str, page: str) -> bool:
    """Whether a code page was made for a language."""
    return language in _AT_HOME.get(page, tuple(_OTHER))
