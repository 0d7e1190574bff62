"""Languages: which other endings a word may be thought to have, before its stem is taken.

Words come folded, without the accents that some stemmers go by, and some stemmers keep forms apart which belong
together. So each language has pairs (ending, instead), on folded words: a word is also read with `instead`, which may
have the accent back, and two words are forms of one another when any of their readings have the same stem. Languages
without a stemmer have endings alone: what is left of a word without one of them stands for its stem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openspending.etl.folding import fold

Endings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is known of the forms of a language: by script (first word of the Unicode names of its letters), by endings,
    and by particles that are written together with the word behind them. Forms may be unlike in so many of the last
    letters of what they otherwise have in common, and have at most `longest` letters after that: stemmers take off
    more, but “local” and “localidad” are two things. In Latin letters, a word of three letters has forms with the
    endings `short` alone: whatever else begins like it is mostly another word. Where words end in few letters, `last`
    has them: “institut” is no word of a language whose word is “instituto”."""

    scripts: tuple[str, ...] = ("LATIN",)
    endings: Endings = ()
    particles: tuple[str, ...] = ()
    unlike: int = 1
    longest: int = 3
    short: tuple[str, ...] = ()
    last: str = ""


def _listed(text: str) -> list[str]:
    return [fold(one) for one in text.split()]


def _dropped(text: str) -> Endings:
    """Endings that are left out."""
    return tuple((one, "") for one in _listed(text))


def _changed(text: str) -> Endings:
    """`old>new old>new …`"""
    return tuple((fold(old), new) for old, _, new in (one.partition(">") for one in text.split()))


# nouns and adjectives of the Slavic languages in Latin letters: Croatian, Serbian, Slovene, Polish, Czech, Slovak
_SOUTH: Final = _dropped(
    "a e i o u om em im oj ih ama ima eg og oga ega emu omu ovi evi ova eva ove eve ovima evima am ah ami"
)
_WEST: Final = _dropped(
    "a e i o u y ie ia iu em om im ym ej ego eho emu emu ou ow ov ach ech ich ych ami emi imi ymi owi ovi owie"
    " iem iej iego iemu iach iami iom iow ami am mi ove eho ych"
)
_SOUTH_CHANGED: Final = _changed("ci>k ce>k zi>g si>h cima>k ak>k ac>c ao>l")
_WEST_CHANGED: Final = _changed(
    "ci>k zi>h ce>k ze>h ek>k ec>c ok>k et>t en>n er>r el>l dze>g cy>k rzy>r rze>r le>l sci>st"
)
_CYRILLIC: Final = _dropped(
    "а е и о у ю я і ь ом ем им ым ам ям ах ях ов ев ей ой ий ый ами ями ові еві ого его ему ому ата ята ите ът та то"
    " те на ют ите ою ею их ых ів їв ія ії ію ія ием ию ии иям иях иями"
)
_BALTIC: Final = _dropped(
    "a e i o u y as is ys us es os ai ei ui iai iui oje yje uje ams ems ims iams ais iais omis emis imis uose ose ese"
    " iu io iaus ies am em im iem ie ja ju jam jas jai s"
    " ajiem ajam ajai ajo aja ajos ajas ojo uoju ieji uju"
)
_ESTONIAN: Final = _dropped("a e i u d t de te id st sse s l lt le ks ni ga ta ed ud id ide dest desse del delt dele")
_HEBREW: Final = _dropped("ה ת ים ות י יי תי יה יות")
_HINDI: Final = _dropped("ा ी े ो ों ें ियाँ ियां ियों ाओं ाएँ ाएं ओं एं")

GRAMMARS: Final[dict[str, Grammar]] = {
    # with a stemmer
    "ar": Grammar(("ARABIC",), _changed("ات>ه ين> ون>"), ("ال", "وال", "بال", "لل"), longest=6),
    "da": Grammar(endings=_changed("ddet>d tter>t"), longest=4, short=("e", "en", "er", "et", "ene")),
    "de": Grammar(short=("e", "er", "en", "es", "s")),
    "el": Grammar(("GREEK",), _changed("ιεσ>ια ματα>μα ματοσ>μα ματων>μα εισ>η εων>η")),
    "en": Grammar(short=("s", "es")),
    "es": Grammar(endings=_changed("ces>z"), short=("s", "es"), last="aeioudlnrsxyz"),
    "fi": Grammar(
        endings=_changed(
            "kset>s ksen>s ksia>s ksien>s nen>s dit>ti din>ti det>te den>te dut>tu dun>tu dat>ta dan>ta kki>ki"
            " kko>ko n> t>"
        ),
        longest=6,
        short=("t", "n", "a", "en"),
    ),
    "fr": Grammar(endings=_changed("vaux>val vail>val ee>e ees>e"), short=("s", "x")),
    "hu": Grammar(
        endings=_changed("ok> ek> ak> k> ot> et> at> t> i> a> e> eti>et ati>at oka>o eket> okat> akat>"), longest=6
    ),
    "it": Grammar(endings=_changed("chi>co ghi>go che>ca ghe>ga"), last="aeioulnr"),
    "nl": Grammar(endings=_changed("gen>g ven>ve zen>s den>d ken>k men>m pen>p ten>t"), unlike=2, short=("en", "s")),
    "no": Grammar(endings=_changed("ene>e ddet>d"), longest=4, short=("e", "en", "er", "et", "ene")),
    "pt": Grammar(
        endings=_changed("oes>ao aes>ao aos>ao aos>ão ao>ão ais>al eis>el ois>ol uis>ul is>il ns>m res>r zes>z"),
        short=("s", "es"),
        last="aeioulmnrsz",
    ),
    "ro": Grammar(
        endings=_changed(
            "uri> urile> urilor> ului> ul> lor> lui> tii>tie tia>tie tiei>tie tiilor>tie ari>are arile>are arilor>are"
            " iala>i ieli>i ielilor>i ielile>i oala>ol oli>ol olii>ol olilor>ol ei> e> a> ii>i"
        ),
        longest=6,
    ),
    "ru": Grammar(("CYRILLIC",), _changed("ыи>ый ии>ий ои>ой еи>ей аи>ай"), longest=4),
    "sv": Grammar(endings=_changed("an>a orna>or aden>ader ad>ader"), longest=4, short=("ar", "en", "er", "et", "s")),
    "ta": Grammar(("TAMIL",)),
    "tr": Grammar(
        endings=_changed(
            "lari> leri> larin> lerin> larinin> lerinin> larin> lar> ler> si> su> nin> nun> in> un> i> u> e> a> de> da>"
        ),
        longest=6,
        short=("lar", "ler", "lari", "leri", "i", "u", "in", "un"),
    ),
    # near enough to one with a stemmer, see STANDING_IN
    "ca": Grammar(endings=_changed("ons>o ions>io es>a"), short=("s",)),
    "gl": Grammar(endings=_changed("ns>n ais>al"), short=("s", "es"), last="aeioulnrsz"),
    # without
    "be": Grammar(("CYRILLIC",), _CYRILLIC),
    "bg": Grammar(("CYRILLIC",), _CYRILLIC),
    "bs": Grammar(endings=_SOUTH + _SOUTH_CHANGED),
    "cs": Grammar(endings=_WEST + _WEST_CHANGED),
    "et": Grammar(endings=_ESTONIAN),
    "he": Grammar(("HEBREW",), _HEBREW, ("ה", "ב", "ל", "ו", "מ", "ש", "כ", "וה", "שה", "מה")),
    "hi": Grammar(("DEVANAGARI",), _HINDI),
    "hr": Grammar(endings=_SOUTH + _SOUTH_CHANGED),
    "lt": Grammar(endings=_BALTIC),
    "lv": Grammar(endings=_BALTIC),
    "mk": Grammar(("CYRILLIC",), _CYRILLIC),
    "mr": Grammar(("DEVANAGARI",), _HINDI),
    "ne": Grammar(("DEVANAGARI",), _HINDI),
    "pl": Grammar(endings=_WEST + _WEST_CHANGED),
    "sk": Grammar(endings=_WEST + _WEST_CHANGED),
    "sl": Grammar(endings=_SOUTH + _SOUTH_CHANGED),
    "sr": Grammar(("LATIN", "CYRILLIC"), _SOUTH + _SOUTH_CHANGED + _CYRILLIC),
    "uk": Grammar(("CYRILLIC",), _CYRILLIC),
}
STANDING_IN: Final = {"ca": "spanish", "gl": "portuguese"}  # the stemmer of a language that has nearly the same endings
COMPOUNDING: Final = frozenset({"da", "de", "et", "fi", "hu", "is", "nl", "no", "sv"})  # write compounds as one word
# articles and the like, short ones, whose stems are also those of other words
LITTLE: Final = frozenset(
    _listed("and the for las los del una con por sin der die das den dem des und von zur zum les aux par sur une van")
    + _listed("het een och som med til fra det dos nos nas uma dla nad pod και του της των τον την")
    + _listed("para pour avec dans este esta with from that have been que como nach oder auch pro sul alla delle degli")
)
# what “&” also stands for; a line may have either. Of two letters or more: “e” and “y” are also codes.
AND: Final = frozenset({"and", "und", "et", "och", "og", "και", "ve", "oraz"})
LINKS: Final = ("", "s", "es", "n", "en", "e", "er")  # what stands between the parts of a compound
