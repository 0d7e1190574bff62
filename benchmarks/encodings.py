"""Which encoding a file is in: our guess against two libraries, on short and long texts of many languages.

    python -m benchmarks.encodings [FOLDER…]

Writes small CSV files of the words of budgets in 29 languages, each in every encoding that such files come in, guesses
their encodings, and prints how often the text came out right, how often it was asked, and what was taken for what. A
guess is right if it decodes to the same text, whatever its name. With FOLDERs, it says what it makes of their files.
"""

from __future__ import annotations

import importlib
import importlib.util
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from openspending.etl.inspecting.encoding import guess_encoding

WESTERN: Final = ("cp1252", "iso-8859-15", "cp850", "mac_roman")
CENTRAL: Final = ("cp1250", "iso-8859-2", "cp852")
BALTIC: Final = ("cp1257",)
CYRILLIC: Final = ("cp1251", "koi8-r", "cp866", "iso-8859-5")
JAPANESE: Final = ("cp932", "euc-jp")
SIZES: Final = (3, 12, 100)  # rows

PHRASES: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "English": (
        WESTERN,
        """Children’s services, Café supplies, £ 1 200, Schools – maintenance, Zoë Ltd, Adult social care, Housing,
        Highways""",
    ),
    "Spanish": (
        WESTERN,
        """Administración pública, Educación y formación, Sanidad, Cataluña, Pensiones, Año presupuestario, Protección
        social, Construcción de carreteras, Niñez y familia, Economía, Deuda pública, Inversión, Órganos
        constitucionales, Coruña, Gestión de ríos, Índice, Energía eléctrica, Vivienda, Pingüino, ADMINISTRACIÓN
        GENERAL, ESPAÑA, DIRECCIÓN DE POLICÍA""",
    ),
    "Portuguese": (
        WESTERN,
        """Educação, Saúde, Segurança pública, Ações orçamentárias, Gestão, Município de São Paulo, Previdência, Órgão,
        Função, Subfunção, Despesas com pessoal e encargos, Manutenção, Obras e instalações, Habitação, Ciência e
        tecnologia, AQUISIÇÃO DE ÔNIBUS, SECRETARIA DE EDUCAÇÃO, Agência, Combustíveis, Licitação, Câmara""",
    ),
    "French": (
        WESTERN,
        """Dépenses de personnel, Écoles élémentaires, Sécurité, Équipement, Santé, Développement économique, Hôtel de
        ville, Crédits de paiement, Emprunts à long terme, Très haut débit, Forêt, Maîtrise de l’énergie, Collège,
        Aménagement, Contrôle, FRAIS GÉNÉRAUX, Trésorerie, Île-de-France, Où, Œuvres sociales, Façade, Noël""",
    ),
    "German": (
        WESTERN,
        """Gebühren und Beiträge, Öffentliche Ordnung, Straßenbau, Zuschüsse, Löhne, Vermögen, Grundstücke,
        Kindertagesstätten, Schülerbeförderung, Übertragungen, Größe, Fördermaßnahmen, Jugendämter, ÖFFENTLICHE
        GEBÄUDE, Gewässer, Verfügung, Außenanlagen, Führung, Bürgerbüro, Prüfung""",
    ),
    "Italian": (
        WESTERN,
        """Società, Attività, Qualità, Sanità, Città metropolitana, Università, Opere pubbliche, Mobilità, Spese
        correnti, Perché, Indennità, Servizi per la disabilità, Pubblica utilità, Entità, Più, Modalità di pagamento""",
    ),
    "Dutch": (
        WESTERN,
        """Gemeente Coöperatie, Financiën, Provinciën, Reünie, Beïnvloeding, Onderwijs, Ruimtelijke ordening, Één""",
    ),
    "Swedish": (
        WESTERN,
        """Kommunstyrelsen, Äldreomsorg, Förskola, Räddningstjänst, Gator och vägar, Åtgärder, Kulturnämnden, Hälsa,
        Lön, Städning, Fastighetsförvaltning, SOCIALFÖRVALTNINGEN, Öppna förskolan, Företag, Tjänster, Bidrag från
        staten""",
    ),
    "Danish": (
        WESTERN,
        """Børn og unge, Økonomi, Ældre, Miljø, Løn, Grønne områder, Beskæftigelse, Århus, Tjenesteydelser på området,
        Køb, Udgifter til vej, Sundhedsvæsen, Skole og fritid på tværs, Københavns Kommune""",
    ),
    "Finnish": (
        WESTERN,
        """Määrärahat, Työllisyys, Päivähoito, Henkilöstö, Käyttötalous, Äänekoski, Hyvinvointi, Menot yhteensä, Sähkö,
        Lääkkeet""",
    ),
    "Polish": (
        CENTRAL,
        """Województwo łódzkie, Środki trwałe, Żłobki, Oświata i wychowanie, Usługi, Bezpieczeństwo, Dział, Rozdział,
        Gmina Kraków, Przedszkola, Świadczenia społeczne, Zakup materiałów, Wynagrodzenia, Urząd Miasta, Ochrona
        środowiska, Składki, Część, GOSPODARKA ŚCIEKOWA, Późniejsze, Dróg publicznych, Pomoc społeczna, Źródło""",
    ),
    "Czech": (
        CENTRAL,
        """Základní školy, Příspěvek, Daň z příjmů, Bezpečnost, Město Plzeň, Výdaje, Životní prostředí, Zařízení,
        Řízení, Údržba, Silnice a železnice, Tělovýchova, Činnost místní správy, Obecní úřad, Účet, MĚSTSKÁ ČÁST,
        Příjmy, Dotace, Kulturní dům""",
    ),
    "Slovak": (
        CENTRAL,
        """Základná škola, Výdavky, Príjmy, Životné prostredie, Školstvo, Mzdy, Údržba ciest, Daň, Ľudské zdroje, Mesto
        Košice, Bežné výdavky, Kultúra, Zdravotníctvo, Služby, Účel, Poistné, Rozpočet, Podprogram stôl""",
    ),
    "Hungarian": (
        CENTRAL,
        """Önkormányzat, Költségvetés, Működési kiadások, Felújítás, Személyi juttatások, Oktatás, Egészségügy,
        Bevételek, Működő, Közművelődés, Szociális ellátás, Beruházás, Településfejlesztés, Főváros, Erdő,
        Tűzoltóság, ÖSSZESÍTŐ""",
    ),
    "Romanian": (
        CENTRAL,
        """Învăţământ, Sănătate, Cheltuieli, Asistenţă socială, Locuinţe, Bugetul judeţului, Bunuri şi servicii, Iaşi,
        Acţiuni, Protecţia mediului, Dobânzi, Plăţi, Achiziţii, Administraţie publică, Ordine publică şi siguranţă,
        Direcţia""",
    ),
    "Croatian": (
        CENTRAL,
        """Državni proračun, Rashodi za zaposlene, Županija, Školstvo, Općina, Zdravstvo, Naknade građanima, Opće
        usluge, Plaće, Doprinosi, Zaštita okoliša, Izvršenje, Uređaji, Sveučilište, Šport, Ministarstvo pravosuđa,
        Tekuće pomoći, ČLANSTVO""",
    ),
    "Lithuanian": (
        BALTIC,
        """Švietimas, Savivaldybės biudžetas, Išlaidos, Aplinkos apsauga, Žemės ūkis, Socialinė apsauga, Mokyklų,
        Įstaigos, Pajamos, Būstas, Viešoji tvarka, Kultūra, Darbo užmokestis, Įsigijimai, Paslaugų, Šilumos ūkis, Iš
        viso lėšų, Čia""",
    ),
    "Latvian": (
        BALTIC,
        """Izglītība, Veselība, Pašvaldība, Sociālā aizsardzība, Rīga, Izdevumi, Atlīdzība, Pakalpojumi, Ieņēmumi,
        Zemkopības ministrija, Kopējais finansējums, Attīstība, Ģimene, Ķekava, Pārvalde, Ūdensapgāde, Saņēmējs""",
    ),
    "Estonian": (
        BALTIC,
        """Kulud kokku, Üldhariduskool, Põhikool, Haridus, Sotsiaalne kaitse, Tööjõukulud, Vallavalitsus, Elamu- ja
        kommunaalmajandus, Põllumajandus, Keskkonnakaitse, Šveits, Riigieelarve tulud, Käibemaks, Üksikisiku
        tulumaks, Õpetajad""",
    ),
    "Turkish": (
        (
            "cp1254",
            "iso-8859-9",
        ),
        """Eğitim, Sağlık, Bütçe, Giderler, Belediye, İçişleri Bakanlığı, Savunma, Personel giderleri, Çevre,
        Şehircilik, Güvenlik, Öğrenci, Büyükşehir, Yatırım, Ulaştırma, Hazine ve Maliye Bakanlığı, Sosyal Güvenlik,
        Borç, Faiz, Mal ve hizmet alımları""",
    ),
    "Greek": (
        (
            "cp1253",
            "iso-8859-7",
        ),
        """Δημόσιες δαπάνες, Υπουργείο Οικονομικών, Εκπαίδευση, Υγεία, Άμυνα, Δήμος Αθηναίων, Προϋπολογισμός, Έσοδα,
        Αμοιβές, Κοινωνική προστασία, Τίτλος Έργου, Δικαιούχος, Όργανα, ΕΠΙΧΟΡΗΓΗΣΕΙΣ, Ίδρυμα, Ύδρευση""",
    ),
    "Russian": (
        CYRILLIC,
        """Образование, Здравоохранение, Расходы бюджета, Министерство финансов, Доходы, Жилищное хозяйство,
        Национальная оборона, Культура, Социальная политика, Подраздел, Целевая статья, Объём, ВСЕГО РАСХОДОВ,
        Межбюджетные трансферты, Спорт""",
    ),
    "Ukrainian": (
        ("cp1251",),
        """Освіта, Охорона здоров'я, Видатки бюджету, Міністерство фінансів, Доходи, Житлове господарство, Оборона,
        Культура, Соціальний захист, Київська область, Їжа, Єдиний податок, Загальний фонд, Спеціальний фонд""",
    ),
    "Bulgarian": (
        ("cp1251",),
        """Образование, Здравеопазване, Разходи, Министерство на финансите, Приходи, Отбрана, Социално осигуряване,
        Община Пловдив, Държавен бюджет, Култура, Жилищно строителство, Заплати, Издръжка, Капиталови разходи""",
    ),
    "Hebrew": (
        ("cp1255",),
        """משרד החינוך, תקציב המדינה, הוצאות נטו, בריאות, ביטחון, עודפים תקציביים, שינוי פנימי, הכנסה מיועדת, רווחה,
        תחבורה""",
    ),
    "Arabic": (
        ("cp1256",),
        """وزارة التعليم, الموازنة العامة, النفقات, الصحة, الدفاع, الإيرادات, الرواتب والأجور, الأمن الداخلي, المجموع,
        البلديات""",
    ),
    "Thai": (
        ("cp874",),
        """กระทรวงศึกษาธิการ, งบประมาณรายจ่าย, สาธารณสุข, การศึกษา, กระทรวงการคลัง, เงินเดือน, รวมทั้งสิ้น""",
    ),
    "Japanese": (
        JAPANESE,
        """議会費, 総務費, 民生費, 教育費, 土木費, 消防費, 公債費, 予備費, 一般会計, 歳出決算,
        使用料及び手数料, 国庫支出金, サービス""",
    ),
    "Chinese": (
        ("gb18030",),
        """一般公共预算支出, 教育支出, 科学技术支出, 社会保障和就业支出, 医疗卫生, 国防支出, 城乡社区支出, 江苏省,
        财政厅, 转移支付""",
    ),
    "Chinese (Taiwan)": (
        ("big5",),
        """教育支出, 國防支出, 社會福利支出, 經濟發展支出, 一般政務支出, 歲出預算, 臺北市政府, 主計處""",
    ),
    "Korean": (
        ("cp949",),
        """일반공공행정, 교육, 사회복지, 보건, 국토및지역개발, 예산액, 지방교육세, 과학기술, 환경보호, 세출예산""",
    ),
}


def samples() -> Iterator[tuple[str, str, int, bytes]]:
    """Language, encoding, rows and the file, three of each kind, always the same."""
    chance = random.Random(3)
    for language, (encodings, joined) in PHRASES.items():
        phrases = [phrase.strip() for phrase in joined.split(",")]
        for size in SIZES:
            for _ in range(3):
                rows = [
                    f"{chance.randrange(99):02}.1;{chance.choice(phrases)};{chance.randrange(10**6)},00"
                    for _ in range(size)
                ]
                text = "\r\n".join(["code;name;amount", *rows, ""])
                if text.isascii():
                    continue
                for encoding in encodings:
                    yield language, encoding, size, text.encode(encoding, errors="ignore")


def by_us(data: bytes, path: Path) -> tuple[str, bool]:
    path.write_bytes(data)
    proposal = guess_encoding(path)
    return proposal.best.value, proposal.sure


def by_chardet(data: bytes, _path: Path) -> tuple[str, bool]:
    return importlib.import_module("chardet").detect(data)["encoding"] or "ascii", True


def by_charset_normalizer(data: bytes, _path: Path) -> tuple[str, bool]:
    best = importlib.import_module("charset_normalizer").from_bytes(data).best()
    return (best.encoding if best else "ascii"), True


def read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return None


def measure(name: str, guess: Callable[[bytes, Path], tuple[str, bool]], path: Path) -> None:
    right: Counter[int] = Counter()
    wrong: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    started = time.perf_counter()
    for language, encoding, size, data in samples():
        value, sure = guess(data, path)
        if not sure:
            asked[size] += 1
        if read(data, value) == data.decode(encoding):
            right[size] += 1
            continue
        taken[f"{language} {encoding}"][value + ("" if sure else " (asked)")] += 1
        wrong[size] += sure
    taking = time.perf_counter() - started
    print(f"\n{name}: {taking:.1f} s")
    print("| rows | files | right first | asked | silently wrong |\n|---|---|---|---|---|")
    files = Counter(size for _, _, size, _ in samples())
    for size in SIZES:
        share = 100 * right[size] / files[size]
        print(f"| {size} | {files[size]} | {share:.1f} % | {asked[size]} | {wrong[size]} |")
    for what, for_what in sorted(taken.items()):
        print(f"  {what}: " + ", ".join(f"{count} × {value}" for value, count in for_what.most_common()))


def real(folder: Path) -> None:
    for path in sorted(one for one in folder.rglob("*") if one.suffix.lower() in (".csv", ".tsv", ".txt", ".json")):
        proposal = guess_encoding(path)
        print(f"{proposal.best.confidence:3} %  {proposal.best.value:12} {path.name}: {proposal.best.reason}")


def main(folders: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        measure("ours", by_us, path)
        for library, guess in (("chardet", by_chardet), ("charset_normalizer", by_charset_normalizer)):
            if importlib.util.find_spec(library) is None:
                print(f"\n{library} is not installed")
            else:
                measure(f"{library} alone", guess, path)
    for name in folders:
        real(Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
