"""Words of budgets in many languages, as they stand in the headers and cells of made-up files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """Labels for year, body's code and name, line's code and name, amount, second amount; and words of cells."""

    year: str
    body_code: str
    body: str
    line_code: str
    line: str
    amount: str
    second: str
    date: str
    payee: str
    total: str
    note: str
    title: str
    bodies: tuple[str, ...]
    lines: tuple[str, ...]


_LABELS: Final = (
    "year", "body_code", "body", "line_code", "line", "amount", "second", "date", "payee", "total", "note", "title",
)  # fmt: skip


def _words(header: str, bodies: str, lines: str) -> Words:
    labels = dict(zip(_LABELS, header.split("|"), strict=True))
    return Words(**labels, bodies=tuple(bodies.split("|")), lines=tuple(lines.split("|")))


WORDS: Final = {
    "en": _words(
        "Year|Department code|Department|Account code|Account|Amount|Actual|Date|Supplier|Total|"
        "Note: figures may be revised|Budget of the Republic",
        "Ministry of Health|Ministry of Education|Ministry of Transport|Prime Minister's Office",
        "Salaries|Rent|Fuel and energy|Office supplies|Travel, domestic|Grants|Legal fees|IT services",
    ),
    "de": _words(
        "Haushaltsjahr|Kapitel|Ministerium|Titel|Zweckbestimmung|Ansatz|Ist|Datum|Zahlungsempfänger|Summe|"
        "Quelle: Bundesministerium der Finanzen, vorläufige Zahlen|Haushaltsplan des Landes",
        "Bundesministerium für Gesundheit|Auswärtiges Amt|Bundesministerium für Verkehr|Rechnungshof Größenberg",
        "Bezüge der Beamten|Miete|Geschäftsbedarf|Dienstreisen|Zuschüsse|Bücher und Zeitschriften|Energie|Bauunterhalt",
    ),
    "fr": _words(
        "Exercice|Code ministère|Ministère|Code compte|Libellé compte|Montant|Réalisé|Date|Fournisseur|Total|"
        "Source : direction du budget, chiffres provisoires|Budget général de l'État",
        "Ministère de la Santé|Ministère de l'Éducation|Ministère des Transports|Cour des comptes",
        "Rémunérations|Loyers|Énergie|Fournitures|Déplacements|Subventions|Honoraires|Prestations informatiques",
    ),
    "es": _words(
        "Año|Código sección|Sección|Código concepto|Concepto|Importe|Ejecutado|Fecha|Proveedor|Total|"
        "Fuente: Ministerio de Hacienda, datos provisionales|Presupuestos Generales",
        "Ministerio de Sanidad|Ministerio de Educación|Ministerio de Fomento|Tribunal de Cuentas",
        "Sueldos|Alquileres|Energía eléctrica|Material de oficina|Dietas|Subvenciones|Honorarios|Informática",
    ),
    "pt": _words(
        "Ano|Código do órgão|Órgão|Código da despesa|Despesa|Valor|Executado|Data|Fornecedor|Total|"
        "Fonte: Secretaria da Fazenda, dados provisórios|Orçamento do Município",
        "Secretaria da Saúde|Secretaria da Educação|Secretaria de Transportes|Câmara Municipal",
        "Vencimentos|Aluguéis|Energia elétrica|Material de consumo|Diárias|Subvenções|Honorários|Informática",
    ),
    "it": _words(
        "Anno|Codice ministero|Ministero|Codice capitolo|Capitolo|Importo|Pagato|Data|Fornitore|Totale|"
        "Fonte: Ragioneria generale dello Stato, dati provvisori|Bilancio dello Stato",
        "Ministero della Salute|Ministero dell'Istruzione|Ministero dei Trasporti|Corte dei conti",
        "Stipendi|Affitti|Energia elettrica|Cancelleria|Trasferte|Contributi|Onorari|Servizi informatici",
    ),
    "pl": _words(
        "Rok|Część|Nazwa części|Paragraf|Nazwa paragrafu|Kwota|Wykonanie|Data|Wykonawca|Razem|"
        "Źródło: Ministerstwo Finansów, dane wstępne|Budżet państwa",
        "Ministerstwo Zdrowia|Ministerstwo Edukacji|Ministerstwo Żeglugi|Najwyższa Izba Kontroli",
        "Wynagrodzenia|Czynsze|Energia|Materiały biurowe|Podróże służbowe|Dotacje|Usługi prawne|Usługi informatyczne",
    ),
    "cs": _words(
        "Rok|Kapitola|Název kapitoly|Položka|Název položky|Částka|Skutečnost|Datum|Dodavatel|Celkem|"
        "Zdroj: Ministerstvo financí, předběžné údaje|Státní rozpočet",
        "Ministerstvo zdravotnictví|Ministerstvo školství|Ministerstvo dopravy|Nejvyšší kontrolní úřad",
        "Platy zaměstnanců|Nájemné|Elektrická energie|Kancelářské potřeby|Cestovné|Dotace|Právní služby|Údržba",
    ),
    "hu": _words(
        "Év|Fejezet|Fejezet megnevezése|Rovat kód|Rovat megnevezése|Összeg|Teljesítés|Dátum|Szállító|Összesen|"
        "Forrás: Pénzügyminisztérium, előzetes adatok|Az állam költségvetése",
        "Egészségügyi Minisztérium|Oktatási Minisztérium|Közlekedési Minisztérium|Állami Számvevőszék",
        "Illetmények|Bérleti díjak|Villamos energia|Irodaszerek|Kiküldetések|Támogatások|Jogi szolgáltatás|Őrzés",
    ),
    "ru": _words(
        "Год|Код ГРБС|Наименование ГРБС|Код статьи|Наименование статьи|Сумма|Исполнено|Дата|Поставщик|Итого|"
        "Источник: Министерство финансов, предварительные данные|Государственный бюджет",
        "Министерство здравоохранения|Министерство образования|Министерство транспорта|Счётная палата",
        "Оплата труда|Аренда|Электроэнергия|Канцелярские товары|Командировки|Субсидии|Юридические услуги|Связь",
    ),
    "el": _words(
        "Έτος|Κωδικός Φορέα|Φορέας|ΚΑΕ|Περιγραφή ΚΑΕ|Ποσό|Πληρωμές|Ημερομηνία|Ανάδοχος|Σύνολο|"
        "Πηγή: Υπουργείο Οικονομικών, προσωρινά στοιχεία|Κρατικός προϋπολογισμός",
        "Υπουργείο Υγείας|Υπουργείο Παιδείας|Υπουργείο Μεταφορών|Ελεγκτικό Συνέδριο",
        "Αποδοχές|Ενοίκια|Ηλεκτρική ενέργεια|Γραφική ύλη|Μετακινήσεις|Επιχορηγήσεις|Νομικές υπηρεσίες|Συντήρηση",
    ),
    "tr": _words(
        "Yıl|Kurumsal Kod|Kurum Adı|Ekonomik Kod|Ekonomik Ad|Tutar|Harcama|Tarih|Yüklenici|Toplam|"
        "Kaynak: Maliye Bakanlığı, geçici veriler|Merkezi yönetim bütçesi",
        "Sağlık Bakanlığı|Eğitim Bakanlığı|Ulaştırma Bakanlığı|Sayıştay Başkanlığı",
        "Maaşlar|Kiralar|Elektrik|Kırtasiye|Yolluklar|Hibeler|Hukuk hizmetleri|Bilgi işlem",
    ),
    "he": _words(
        "שנה|קוד משרד|שם משרד|קוד תקנה|שם תקנה|סכום|ביצוע|תאריך|ספק|סך הכל|"
        "מקור: משרד האוצר, נתונים זמניים|תקציב המדינה",
        "משרד הבריאות|משרד החינוך|משרד התחבורה|מבקר המדינה",
        "משכורות|שכירות|חשמל|ציוד משרדי|נסיעות|תמיכות|ייעוץ משפטי|מחשוב",
    ),
    "ar": _words(
        "السنة المالية|رمز الوزارة|اسم الوزارة|رمز البند|اسم البند|المبلغ|المصروف الفعلي|التاريخ|المورد|المجموع|"
        "المصدر: وزارة المالية، بيانات أولية|الموازنة العامة للدولة",
        "وزارة الصحة|وزارة التعليم|وزارة النقل|ديوان المحاسبة",
        "الرواتب|الإيجارات|الكهرباء|القرطاسية|السفر|المنح|الخدمات القانونية|الصيانة",
    ),
    "lt": _words(
        "Metai|Valdytojo kodas|Asignavimų valdytojas|Straipsnio kodas|Straipsnis|Suma|Įvykdyta|Data|Tiekėjas|Iš viso|"
        "Šaltinis: Finansų ministerija, išankstiniai duomenys|Valstybės biudžetas",
        "Sveikatos apsaugos ministerija|Švietimo ministerija|Susisiekimo ministerija|Valstybės kontrolė",
        "Darbo užmokestis|Nuoma|Elektros energija|Kanceliarinės prekės|Komandiruotės|Dotacijos|Ryšiai|Remontas",
    ),
    "da": _words(
        "År|Paragraf|Ministerium|Kontonummer|Kontonavn|Beløb|Regnskab|Dato|Leverandør|I alt|"
        "Kilde: Finansministeriet, foreløbige tal|Statsregnskabet",
        "Sundhedsministeriet|Undervisningsministeriet|Transportministeriet|Rigsrevisionen på Østerbro",
        "Løn|Husleje|Elektricitet|Kontorartikler|Tjenesterejser|Tilskud|Rådgivning|Vedligeholdelse",
    ),
    "ja": _words(
        "年度|所管コード|所管名|節コード|節名|予算額|決算額|支払日|支払先|合計|出典：財務省、速報値|一般会計予算",
        "厚生労働省|文部科学省|国土交通省|会計検査院",
        "職員給与|借料|光熱水費|消耗品費|旅費|補助金|委託料|修繕料",
    ),
    "zh": _words(
        "年度|部门编码|部门名称|经济分类编码|经济分类名称|预算数|决算数|日期|供应商|合计|"
        "资料来源：财政部，初步数据|一般公共预算",
        "卫生部|教育部|交通运输部|审计署",
        "工资|租金|电费|办公费|差旅费|补助|咨询费|维修费",
    ),
    "ko": _words(
        "회계연도|소관코드|소관명|비목코드|비목명|예산액|지출액|지급일|거래처|합계|"
        "출처: 기획재정부, 잠정치|일반회계 예산",
        "보건복지부|교육부|국토교통부|감사원",
        "인건비|임차료|전기요금|사무용품비|여비|보조금|용역비|유지보수비",
    ),
}
