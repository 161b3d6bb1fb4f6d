"""The world's subregions as the United Nations' M49 standard groups countries for statistics, and Africa as tiles.

Source: Standard country or area codes for statistical use (M49), UN Statistics Division. Countries by ISO 3166-1
alpha-2. Grouping says nothing about anybody's status; two areas that the standard does not list apart (TW, XK) stand
where their neighbours do.
"""

from django.utils.translation import gettext_lazy as _

# code -> (name, countries)
REGIONS = {
    "015": (_("Northern Africa"), "DZ EG EH LY MA SD TN"),
    "014": (_("Eastern Africa"), "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW"),
    "017": (_("Middle Africa"), "AO CD CF CG CM GA GQ ST TD"),
    "018": (_("Southern Africa"), "BW LS NA SZ ZA"),
    "011": (_("Western Africa"), "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG"),
    "143": (_("Central Asia"), "KG KZ TJ TM UZ"),
    "030": (_("Eastern Asia"), "CN HK JP KP KR MN MO TW"),
    "035": (_("South-eastern Asia"), "BN ID KH LA MM MY PH SG TH TL VN"),
    "034": (_("Southern Asia"), "AF BD BT IN IR LK MV NP PK"),
    "145": (_("Western Asia"), "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE"),
    "151": (_("Eastern Europe"), "BG BY CZ HU MD PL RO RU SK UA"),
    "154": (_("Northern Europe"), "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ"),
    "039": (_("Southern Europe"), "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK"),
    "155": (_("Western Europe"), "AT BE CH DE FR LI LU MC NL"),
    "029": (
        _("Caribbean"),
        "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    ),
    "013": (_("Central America"), "BZ CR GT HN MX NI PA SV"),
    "005": (_("South America"), "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE"),
    "021": (_("Northern America"), "BM CA GL PM US"),
    "053": (_("Australia and New Zealand"), "AU CC CX HM NF NZ"),
    "054": (_("Melanesia"), "FJ NC PG SB VU"),
    "057": (_("Micronesia"), "FM GU KI MH MP NR PW UM"),
    "061": (_("Polynesia"), "AS CK NU PF PN TK TO TV WF WS"),
    "010": (_("Antarctica"), "AQ"),
}
REGION_NAMES = {code: name for code, (name, _countries) in REGIONS.items()}
REGION_OF = {country: code for code, (_name, countries) in REGIONS.items() for country in countries.split()}

# The 54 states of Africa as squares of one size, about where they lie: no borders are drawn, islands are equals.
_TILES = """
..  ..  ..  MA  DZ  TN  LY  EG  ..  ..
CV  ..  MR  ML  BF  NE  TD  SD  ER  ..
GM  SN  GN  GH  BJ  NG  CF  SS  ET  DJ
GW  SL  LR  CI  TG  CM  CG  UG  KE  SO
..  ..  ..  ST  GQ  GA  CD  RW  TZ  SC
..  ..  ..  ..  ..  AO  ZM  BI  MW  KM
..  ..  ..  ..  ..  NA  BW  ZW  MZ  MG
..  ..  ..  ..  ..  ZA  LS  SZ  ..  MU
"""
# country -> (column, row), both from 0
TILES = {
    code: (column, row)
    for row, line in enumerate(_TILES.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != ".."
}
TILE_COLUMNS, TILE_ROWS = 10, 8
