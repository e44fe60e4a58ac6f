"""What suppliers call their columns, in Ukrainian, Russian, English, German and Polish.

A phrase is matched against the words of a head: ``=`` at its beginning asks for the whole head, a word that ends in
``*`` stands for all its endings. The more words of a head a phrase explains, the surer the match.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

FIELDS = ("brand", "article", "name", "price", "stock", "delivery", "oe", "cross", "currency", "barcode")

# Heads of columns that are none of ours, however much they look like one.
_OTHER = """
картка; карточка
=№; =n; =no; =nr; =№ п п; =п п; =№ з п; =#; =lp; =l p; =pos; =поз; =id; =index; № п п; порядковий *; номер строки
=од; =од вим*; =одиниц*; =ед; =ед изм*; =единиц*; =unit; =uom; =units; =einheit; =me; =jm; =j m; =шт
=одиниця виміру; одиниц* вим*; единиц* изм*; unit of measure; jednostka*; mengeneinheit; упаков*; в упаков*; кратн*
мін* замовл*; мин* заказ*; мін* парт*; moq; min order; pack*; verpackung*; ve; opakow*; =замовлення; =заказ
ваш* заказ*; ваш* замовл*; =order; order qty; bestellung; bestellmenge; zamówienie; к заказу; сума; сумма; =sum
=amount; =total; =summe; =suma; =разом; =итого; =всього; вага; вес; weight; gewicht; waga; масса; маса; об'єм; объем
volume; габарит*; довжина; ширина; висота; длина; фото; photo; image; picture; bild; zdjęcie; посилання; ссылка
link; url; груп*; групп*; group; катего*; category; kategori*; warengruppe; grupa; розділ; раздел; вид товару
тип товару; уктзед; укт зед; укт вэд; тн вэд; hs code; customs; cn code; taric; zolltarif*; країна*; страна*
country; land; kraj; марка авто*; модель*; модел*; model*; авто; автомоб*; car; vehicle; fahrzeug; pojazd; застосув*
применя*; примен*; постачальник; поставщик; supplier; lieferant; dostawca; дата*; date; datum; data; оновлено
обновлено; updated; внутрішн* код*; внутренн* код*; код 1с; код 1c; код постачальник*; код поставщик*; supplier code
internal *; знижк*; скидк*; discount; rabatt; rabat; приміт*; примеч*; комент*; note*; comment*; bemerkung; uwagi
статус; status; пдв; ндс; vat; mwst; гаранті*; гаранти*; warranty; garantie; gwarancja; новинк*; акці*; акци*
резерв*; reserved; в дороз*; в пути; курс*; rate; kurs; вік; стан товару; состояние; condition; застава; залог; core
deposit; pfand; kaucja
"""

# Field → phrases that are sure; phrases in the second group only when nothing better is there.
_SURE = {
    "brand": """
бренд*; виробник*; производител*; изготовител*; торгов* марк*; =тм; =марка; =фірма; =фирма; фірма виробник
фирма производитель; brand*; manufacturer*; =mfr; =mfg; =maker; =make; =producer; =trademark; hersteller*; =marke
=marka; =fabrikat; =firma; producent*; =виробн; =произв; =произв-ль; марк* товар*; марк* деталі; vendor name
=производ; =виробник товару
""",
    "article": """
tecdoc*; tec doc*; код тд; артикул тд; maker code; maker number
артик*; =арт; =арт №; =арт номер; каталожн* номер*; =номер; номер* запчаст*; номер* детал*; номер* за каталог*
номер по каталогу; номер виробник*; номер производител*; код виробник*; код производител*; код за каталог*
код по каталогу; каталожн* №; № детал*; № запчаст*; код детал*; код запчаст*; № виробник*; № по каталогу
№ за каталогом; номер товару; номер товара; article*; =art; =art no; =art nr; art no; art nr; article no
part number*; part no; part nr; =part; =part #; partnumber; partno; =pn; =p n; =mpn; manufacturer part number
manufacturer number; mfr part; catalog* number; catalog* no; catalogue n*; item number; item no; =number; =reference
=ref; ref no; artikel; artikelnummer*; artikelnr; artikel nr; artikel no; teilenummer*; teile nr; teilenr
herstellernummer; hersteller nr; hersteller artikelnummer; katalognummer; katalog nr; =nummer; bestellnummer; =numer
numer katalogowy; nr katalogowy; numer czesci; nr czesci; numer artykulu; nr artykulu; =indeks; indeks*
kod producenta; numer producenta; nr producenta; symbol; =symbol; kod czesci; =numer części
""",
    "name": """
назва*; найменув*; наименов*; названи*; опис; описание; =опис товару; номенклатур*; =товар; =деталь; =запчастина
=запчасть; =товари; назва товару; наименование товара; =найм; =наим; =name; name; description*; =title; =product
product name; item name; item description; part name; =goods; =item; =desc; bezeichnung*; beschreibung*; benennung
artikelbezeichnung; produktname; artikelname; teilebezeichnung; =artikeltext; =produkt; =ware; nazwa*; =opis
opis towaru; opis produktu; nazwa towaru; nazwa czesci; =towar
""",
    "price": """
ціна*; цена*; =прайс; вартіст*; стоимост*; price*; =cost; unit cost; cost price; preis*; stückpreis; einzelpreis
cena*; =опт; =гурт; оптов*; гуртов*; =wholesale; =грн; =uah; =usd; =eur; =pln; =дилер*; dealer; nettopreis
bruttopreis; einkaufspreis; verkaufspreis; händlerpreis; =ек; =ek; =netto; =розниц*; =роздріб*; =ррц; =рц; =мрц
=rrp; =msrp; =uvp; =вхід; =вход; =закуп*; =retail; ціноутворення; kosten; koszt; =ek preis; =vk; =роз; =розн
""",
    "stock": """
залиш*; остат*; наявн*; налич*; =кільк*; =колич*; кільк*; колич*; =к сть; =к-сть; =кол во; =к во; =кіл ть; кіл*
к-ть; кол-во; к-во; =склад*; склад*; =шт на складі; доступн*; вільн* залиш*; свободн* остат*; stock*; =qty; qty
quantity; availab*; on hand; in stock; =avail; warehouse*; =pieces; =pcs; =inventory; bestand*; lager*; lagerbestand
verfügbar*; verfugbar*; =menge; menge; =stück; =anzahl; stückzahl; vorrat; =auf lager; =stan; stan magazyn*; =ilość
=ilosc; ilość*; ilosc*; dostępn*; dostepn*; magazyn*; =na stanie; stany
""",
    "delivery": """
термін*; =строк; срок*; =дні; =днів; =дней; =дни; дн* доставк*; час доставк*; время доставк*; доставк*; поставк*
=очікування; =ожидание; термін постачання; delivery*; lead time; leadtime; =days; =eta; shipping time; dispatch
lieferzeit*; liefertage; liefertermin; lieferung; =tage; lieferfrist; czas dostawy; termin*; dostaw*
czas realizacji; =dni; czas wysyłki
""",
    "oe": """
=oe; =oem; =ое; =оє; =оем; oe*; oem*; ое номер*; оригінальн* номер*; оригинальн* номер*; =ориг номер; ориг* номер*
=оригінал; =оригинал; конструкторськ* номер*; original number*; original no; original part*; originalnummer*
original nr; oe nummer*; oe nr; oem nr; numer oe; numery oe; numer oryginalny; numery oryginalne; nr oe; nr oem
=oryginał; номери ое; номера ое; номери oe; номера oe; номери oem; номера oem; номер oe; номер oem; номер ое
заводськ* номер*; код оригінал*; код оригинал*; =oe №; oe numbers; oe references
""",
    "cross": """
аналог*; =крос; крос*; кросс*; =cross*; cross*; crossreference*; замінник*; замін*; замен*; взаимозамен*
взаємозамін*; replace*; substitut*; alternativ*; analog*; equivalent*; interchange*; vergleichsnummer*; vergleich*
ersatz*; querverweis*; entsprech*; zamiennik*; odpowiednik*; zamienn*; porównan*
""",
    "currency": """
валют*; currency; =curr; =ccy; währung; wahrung; walut*; код валют*; currency code
""",
    "barcode": """
штрих*; barcode*; bar code*; =ean*; ean 13; ean13; =gtin; =upc; strichcode; kod kreskowy; =шк; ean code; kod ean
ean nummer; gtin ean
""",
}  # fmt: skip
_WEAK = {
    "article": """
код*; code*; kod*
=код; код товар*; код номенклатур*; =code; =sku; =kod; item code; product code; kod towaru; =товарний код
=артикул постачальника; =артикул поставщика; артикул склад*; =шифр; warenkode; indeks towaru; symbol towaru
product id; item id; =cod
""",
    "brand": """
=vendor; =company; =компанія; =компания; =бренд марка; =заводи; =завод
""",
    "name": """
=характеристик*; =specification; =інформація; =информация; =details; =детал*; =text
""",
    "price": """
=ваша; =сумма без скидки; =з пдв; =с ндс; =без пдв; =без ндс; =вартість
""",
    "stock": """
=київ; =киев; =kyiv; =kiev; =львів; =львов; =lviv; =одеса; =одесса; =odesa; =дніпро; =днепр; =dnipro; =харків
=харьков; =kharkiv; =запоріжжя; =запорожье; =вінниця; =винница; =полтава; =рівне; =ровно; =луцьк; =луцк
=хмельницький; =хмельницкий; =чернівці; =черновцы; =ужгород; =тернопіль; =тернополь; =житомир; =черкаси; =черкассы
=суми; =миколаїв; =николаев; =кривий ріг; =івано франківськ; =філія; =філіал; =филиал; =магазин; =центральний
=центральный; =основний; =основной; =warszawa; =kraków; =berlin; =резерв склад
""",
    "delivery": """
=дн; =час; =d
""",
}  # fmt: skip

WHOLESALE = re.compile(
    r"опт|гурт|вхідн|входн|закуп|дилер|партнер|ваша|ваш[ае]? ц|your|wholesale|purchase|net\b|netto|dealer|"
    r"trade|hurt|zakup|\bek\b|einkauf|händler|haendler|собів|себест|cost|зі знижк|со скидк|після знижк|"
    r"discounted|rabatt",
    re.IGNORECASE,
)
RETAIL = re.compile(
    r"розн|розд|ррц|мрц|\bрц\b|рекоменд|мінім|миним|retail|rrp|msrp|recommended|uvp|\bvk\b|verkauf|brutto|"
    r"detal|sugerow|\bстар|\bold\b|до знижк|без знижк|без скидк|list price|listenpreis|katalogow|каталожн|"
    r"інтернет|интернет|сайт|\bвід\s*\d|\bот\s*\d|\bfrom\s*\d|\bab\s*\d",
    re.IGNORECASE,
)
# Of several numbers in a row the maker's identifies the part, the dealer's does not.
MAKERS = re.compile(
    r"виробн|производ|каталож|каталог|ориг|manufact|maker|mfr|herstell|producent|katalog|catalog",
    re.IGNORECASE,
)
INTERNAL = re.compile(
    r"внутр|постачальн|поставщ|наш|склад|1[сc]|our\b|internal|supplier|vendor|dostawc|lieferant|intern|"
    r"товар|product|sku",
    re.IGNORECASE,
)
_TAX = r"\s*(?:\d+\s*%\s*)?(пдв|ндс|vat|mwst|ust|podatk\w+ vat)"
WITHOUT_VAT = re.compile(
    r"(без|не вкл\w*|excl\w*\.?|ex\.?|w/?o|without|ohne|exkl\w*\.?|zzgl\.?|bez|\+)" + _TAX + r"|\bnet(to)?\b",
    re.IGNORECASE,
)
WITH_VAT = re.compile(
    r"(\bз|\bс|\bіз|вкл\w*\.?|включно з|в т\.?\s?ч\.?|incl\w*\.?|inc\.?|with|inkl\w*\.?|mit|\bz)"
    + _TAX
    + r"|\bbrutto\b|\bgross\b",
    re.IGNORECASE,
)

_LETTERS = re.compile(r"[^\w#№'’-]+|_")


def head_key(text: str) -> str:
    """``Ціна,  грн.`` → ``ціна грн``: how heads are compared."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u0306", "")
    return " ".join(word.strip("-'’") for word in _LETTERS.sub(" ", text).split() if word.strip("-'’"))


def _compile(phrases: str) -> list[tuple[re.Pattern[str], int, bool]]:
    compiled = []
    for phrase in re.split(r"[;\n]", phrases):
        if not (phrase := phrase.strip()):
            continue
        is_whole = phrase.startswith("=")
        words = phrase.lstrip("=").split()
        pattern = r"[ -]".join(
            re.escape(unicodedata.normalize("NFKC", w.rstrip("*")).casefold())
            + (r"[\w'’-]*" if w.endswith("*") else "")
            for w in words
        )
        compiled.append((re.compile(rf"(?<![\w]){pattern}(?![\w])"), len(words), is_whole))
    return compiled


_PHRASES = {field: _compile(phrases) for field, phrases in _SURE.items()} | {"other": _compile(_OTHER)}
_WEAK_PHRASES = {field: _compile(phrases) for field, phrases in _WEAK.items()}


@lru_cache(maxsize=4096)
def head_fields(text: str) -> Mapping[str, float]:
    """Field → how surely this head names it, above 0 up to 10; ``other`` for columns that are none of ours."""
    key = head_key(text)
    if not key or len(key) > 80 or key.replace(" ", "").isdigit():
        return {}
    found: dict[str, float] = {}
    for weight, phrases in ((10.0, _PHRASES), (4.0, _WEAK_PHRASES)):
        for field, patterns in phrases.items():
            if points := max((_match(pattern, words, whole, key) for pattern, words, whole in patterns), default=0.0):
                found[field] = max(found.get(field, 0.0), weight * points)
    return found


def _match(pattern: re.Pattern[str], words: int, is_whole: bool, key: str) -> float:
    if is_whole:
        return 1.0 if pattern.fullmatch(key) else 0.0
    found = pattern.search(key)
    if not found:
        return 0.0
    explained = len(found.group()) / len(key)
    # The first word says what a column is, the others of what kind.
    return min(0.4 + 0.4 * explained + (0.15 if found.start() == 0 else 0) + 0.05 * (words - 1), 0.99)
