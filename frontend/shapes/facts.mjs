// What Natural Earth does not say, or no longer says rightly, about regions: code lists of states, by ISO 3166-2.

/** Codes of ISO that were given to other regions since: Natural Earth's would lead to the wrong place. */
export const RENUMBERED = new Set(["IR", "MA", "MV", "UG"]);

/** Regions whose code is that of a neighbour, or wrong; null where there is none to be sure of. */
export const OWN = {
  "AF Paktya": "AF-PIA",
  "CO Bogota": "CO-DC",
  "RU Moskovskaya": "RU-MOS",
  "SD Central Darfur": "SD-DC",
};

/** Codes that took the place of the ones Natural Earth has. */
export const NOW = {
  "MX-DIF": ["MX-CMX"],
  "ZA-GT": ["ZA-GP"], "ZA-NL": ["ZA-KZN"],
  "PL-DS": ["PL-02"], "PL-KP": ["PL-04"], "PL-LU": ["PL-06"], "PL-LB": ["PL-08"], "PL-LD": ["PL-10"], "PL-MA": ["PL-12"],
  "PL-MZ": ["PL-14"], "PL-OP": ["PL-16"], "PL-PK": ["PL-18"], "PL-PD": ["PL-20"], "PL-PM": ["PL-22"], "PL-SL": ["PL-24"],
  "PL-SK": ["PL-26"], "PL-WN": ["PL-28"], "PL-WP": ["PL-30"], "PL-ZP": ["PL-32"],
  "CZ-PR": ["CZ-10"], "CZ-ST": ["CZ-20"], "CZ-JC": ["CZ-31"], "CZ-PL": ["CZ-32"], "CZ-KA": ["CZ-41"], "CZ-US": ["CZ-42"],
  "CZ-LI": ["CZ-51"], "CZ-KR": ["CZ-52"], "CZ-PA": ["CZ-53"], "CZ-VY": ["CZ-63"], "CZ-JM": ["CZ-64"], "CZ-OL": ["CZ-71"],
  "CZ-ZL": ["CZ-72"], "CZ-MO": ["CZ-80"],
};

const MEXICO = "AGU BCN BCS CAM COA COL CHP CHH DIF DUR GUA GRO HID JAL MEX MIC MOR NAY NLE OAX PUE QUE ROO SLP SIN SON TAB TAM TLA VER YUC ZAC";

/** Numbers that a state gives its regions, where they are no part of the code of ISO: of INEGI, from 01. */
export const NATIONAL = {
  MX: Object.fromEntries(MEXICO.split(" ").map((code, place) => [`MX-${code}`, String(place + 1).padStart(2, "0")])),
};

/** The parts of the United Kingdom: ISO, statistical offices (GSS), NUTS. */
export const UNITED = {
  England: { iso: ["GB-ENG"], gss: ["E92000001"] },
  Scotland: { iso: ["GB-SCT"], gss: ["S92000003"], nuts: ["UKM"] },
  Wales: { iso: ["GB-WLS"], gss: ["W92000004"], nuts: ["UKL"] },
  "Northern Ireland": { iso: ["GB-NIR"], gss: ["N92000002"], nuts: ["UKN"] },
};

const english = (names, gss, nuts) => ({ names: [...names, ...names.map((one) => `England ${one}`)], codes: { gss: [gss], nuts: [nuts] } });

const ENGLAND = {
  "North East": english(["North East"], "E12000001", "UKC"),
  "North West": english(["North West"], "E12000002", "UKD"),
  "Yorkshire and the Humber": english(["Yorkshire and the Humber"], "E12000003", "UKE"),
  "East Midlands": english(["East Midlands"], "E12000004", "UKF"),
  "West Midlands": english(["West Midlands"], "E12000005", "UKG"),
  East: english(["East", "East of England"], "E12000006", "UKH"),
  "Greater London": english(["Greater London", "London"], "E12000007", "UKI"),
  "South East": english(["South East"], "E12000008", "UKJ"),
  "South West": english(["South West"], "E12000009", "UKK"),
};

const community = (code, ...names) => ({ names, codes: { iso: [`ES-${code}`] } });

/** Regions that are made of others, by country and the name that Natural Earth has for them, where it has no code. */
export const MADE_OF = {
  GB: ENGLAND,
  ES: {
    "Andalucía": community("AN", "Andalucía", "Andalusia"),
    "Aragón": community("AR", "Aragón"),
    Asturias: community("AS", "Asturias", "Principado de Asturias"),
    Canarias: community("CN", "Canarias", "Islas Canarias", "Canary Islands"),
    "Canary Is.": community("CN", "Canarias", "Islas Canarias", "Canary Islands"),
    Cantabria: community("CB", "Cantabria"),
    "Castilla y León": community("CL", "Castilla y León"),
    "Castilla-La Mancha": community("CM", "Castilla-La Mancha"),
    "Cataluña": community("CT", "Cataluña", "Catalunya", "Catalonia"),
    Ceuta: community("CE", "Ceuta"),
    Extremadura: community("EX", "Extremadura"),
    "Foral de Navarra": community("NC", "Navarra", "Comunidad Foral de Navarra", "Navarre"),
    Galicia: community("GA", "Galicia"),
    "Islas Baleares": community("IB", "Islas Baleares", "Illes Balears", "Baleares", "Balearic Islands"),
    "La Rioja": community("RI", "La Rioja"),
    Madrid: community("MD", "Madrid", "Comunidad de Madrid"),
    Melilla: community("ML", "Melilla"),
    Murcia: community("MC", "Murcia", "Región de Murcia"),
    "País Vasco": community("PV", "País Vasco", "Euskadi", "Basque Country"),
    Valenciana: community("VC", "Comunidad Valenciana", "Comunitat Valenciana", "Valencian Community"),
  },
};

const ARABIC = "AE BH DZ EG IQ JO KW LB LY MA OM PS QA SA SD SY TN YE".split(" ").map((one) => [one, ["ar"]]);

/** The languages of countries, as far as Natural Earth has names in them; English, Spanish and French are taken anyway. */
export const LANGUAGES = {
  ...Object.fromEntries(ARABIC),
  AF: ["fa"], AO: ["pt"], AT: ["de"], BD: ["bn"], BE: ["nl", "de"], BR: ["pt"], BY: ["ru"], CH: ["de", "it"], CN: ["zh"],
  CY: ["el", "tr"], DE: ["de"], FI: ["sv"], GR: ["el"], HU: ["hu"], ID: ["id"], IL: ["he", "ar"], IN: ["hi"], IR: ["fa"],
  IT: ["it", "de"], JP: ["ja"], KG: ["ru"], KR: ["ko"], KZ: ["ru"], LI: ["de"], LU: ["de"], MZ: ["pt"], NL: ["nl"],
  PK: ["ur"], PL: ["pl"], PT: ["pt"], RU: ["ru"], SE: ["sv"], SR: ["nl"], TR: ["tr"], TW: ["zh"], UA: ["uk", "ru"],
  VN: ["vi"],
};
