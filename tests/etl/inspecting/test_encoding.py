from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from openspending.etl.decisions import Proposal
from openspending.etl.inspecting.encoding import guess_encoding

SPANISH = "Administración;Educación y formación;Año 2015;España;Pensión;Niñez;Índice;Órgano\n"
POLISH = "Województwo łódzkie;Środki trwałe;Żłobki;Oświata;Część;Urząd;Późniejsze;dróg\n"
GERMAN = "Gebühren;Öffentliche Ordnung;Straßenbau;Zuschüsse;Löhne;Jugendämter\n"
RUSSIAN = "Образование;Здравоохранение;Расходы бюджета;Министерство финансов\n"
GREEK = "Δημόσιες δαπάνες;Υπουργείο Οικονομικών;Εκπαίδευση;Άμυνα\n"
JAPANESE = "議会費;総務費;民生費;教育費;サービス;歳出決算\n"
CHINESE = "一般公共预算支出;教育支出;科学技术支出;社会保障和就业支出\n"
TURKISH = "Eğitim;Sağlık;Bütçe;İçişleri Bakanlığı;Şehircilik;Öğrenci\n"


def guess(tmp_path: Path, data: bytes) -> Proposal:
    path = tmp_path / "text.csv"
    path.write_bytes(data)
    return guess_encoding(path)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "cp1252"),
        (SPANISH, "cp850"),
        (SPANISH, "mac_roman"),
        (SPANISH.upper(), "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso-8859-2"),
        (POLISH, "cp852"),
        (GERMAN, "cp1252"),
        (GERMAN, "cp850"),
        (GERMAN, "mac_roman"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN.upper(), "cp1251"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc-jp"),
        (CHINESE, "gb18030"),
        ("教育支出;國防支出;社會福利支出;經濟發展支出;歲出預算\n", "big5"),
        ("일반공공행정;교육;사회복지;예산액;환경보호\n", "cp949"),
        ("משרד החינוך;תקציב המדינה;הוצאות נטו\n", "cp1255"),
        ("وزارة التعليم;الموازنة العامة;النفقات\n", "cp1256"),
        ("กระทรวงศึกษาธิการ;งบประมาณรายจ่าย\n", "cp874"),
        ("Švietimas;Išlaidos;Žemės ūkis;Mokyklų;Įstaigos;lėšų\n", "cp1257"),
        ("Supplier;£1,200.00\nOther;£750.10\nThird;£99.00\n", "cp1252"),
    ],
)
def test_the_code_page_that_makes_sense_is_sure(tmp_path: Path, text: str, encoding: str) -> None:
    proposal = guess(tmp_path, text.encode(encoding))
    assert text.encode(encoding).decode(proposal.best.value) == text
    assert proposal.sure
    assert proposal.best.effect == {"encoding": proposal.best.value}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "utf-32"])
def test_unicode_is_told_by_its_mark_or_its_pattern(tmp_path: Path, encoding: str) -> None:
    proposal = guess(tmp_path, ("code;amount\n" + SPANISH).encode(encoding))
    assert proposal.sure
    assert ("code;amount\n" + SPANISH).encode(encoding).decode(proposal.best.value).removeprefix("\ufeff")[:4] == "code"


def test_ascii_and_empty_files_are_utf_8_for_certain(tmp_path: Path) -> None:
    for data in (b"", b"code,amount\r\n1,2\r\n"):
        assert (guess(tmp_path, data).best.value, guess(tmp_path, data).best.confidence) == ("utf-8", 100)


def test_utf_8_is_tested_to_the_last_byte(tmp_path: Path) -> None:
    proposal = guess(tmp_path, b"a,b\n" * 700_000 + "Año,1\n".encode("cp1252"))
    assert proposal.best.value != "utf-8"


def test_a_character_at_the_border_of_two_blocks_is_whole(tmp_path: Path) -> None:
    assert guess(tmp_path, b"a" * ((1 << 20) - 1) + "é\n".encode()).best.confidence == 100


def test_damaged_utf_8_is_asked_about_and_the_place_named(tmp_path: Path) -> None:
    proposal = guess(tmp_path, (SPANISH * 5).encode() + b"\xff\n" + SPANISH.encode())
    assert (proposal.best.value, proposal.sure) == ("utf-8", False)
    assert str(len((SPANISH * 5).encode())) in proposal.best.reason


def test_a_small_utf_8_file_with_a_line_in_another_encoding_is_asked_about(tmp_path: Path) -> None:
    whole = "für;Auswärtiges;Bezüge;Zuschüsse;Bücher\n".encode()
    found = guess(tmp_path, whole + "Büro;Öl;Prüfung\n".encode("cp1252"))
    assert (found.best.value, found.sure) == ("utf-8", False)


def test_a_single_word_that_could_be_two_languages_is_asked_about(tmp_path: Path) -> None:
    proposal = guess(tmp_path, "a;Opće;1\n".encode("cp1250"))
    assert not proposal.sure
    assert "windows-1250" in [one.value for one in proposal.choices]


def test_encodings_that_give_the_same_text_are_one_answer_with_the_usual_name(tmp_path: Path) -> None:
    proposal = guess(tmp_path, "a;Café;1\nb;für;2\nc;Straße;3\n".encode("iso-8859-1"))
    assert proposal.best.value == "windows-1252"
    assert proposal.sure


def test_the_reason_shows_words_that_decide_and_the_language(tmp_path: Path) -> None:
    reason = guess(tmp_path, POLISH.encode("cp1250")).best.reason
    assert any(word in reason for word in ("“łódzkie”", "“Środki”", "“Żłobki”", "“Część”"))
    assert "Polish" in reason


def test_every_encoding_that_is_proposed_is_one_that_files_can_be_read_in() -> None:
    from openspending.etl.inspecting.codepages import _EASTERN, _PAGES

    for name in (*_PAGES, *_EASTERN):
        assert codecs.lookup(name)
