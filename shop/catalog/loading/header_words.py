"""What the columns of such files are called: Ukrainian, Russian, English, as suppliers write them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

# Words as ``header_key`` leaves them. ``*`` at the end stands for any ending.
_SHARED: Final[dict[str, str]] = {
    "brand": "бренд brand виробник производитель manufacturer фірма фирма торговамарка торговаямарка тм supplier "
    "брендзапчастини брендзапчасти брендтовару брендтовара partbrand brandname виробникзапчастини",
    "article": "артикул article articlenumber articleno артикулвиробника артикулпроизводителя номердеталі номердетали "
    "partnumber partno кодтовару кодтовара catalognumber каталожнийномер каталожныйномер mpn номер код number code "
    "artno art art№ кодвиробника кодпроизводителя",
}
FITMENT: Final[Mapping[str, str]] = _SHARED | {
    "make": "марка маркаавто маркаавтомобіля маркаавтомобиля make carmake carbrand vehiclemake марка_авто автомарка "
    "маркатз vehiclebrand",
    "model": "модель model модельавто модельавтомобіля модельавтомобиля carmodel vehiclemodel модельтз модельныйряд "
    "модельнийряд modelname",
    "car": "авто автомобіль автомобиль car vehicle застосування застосовність применение применяемость придатність "
    "маркамодель маркатамодель маркаимодель makemodel application fitment",
    "generation": "покоління поколение generation кузов body platform платформа кодкузова серія серия series "
    "типкузова bodytype bodycode chassis шасі",
    "engine": "модифікація модификация modification engine двигун двигатель мотор тип type typename версія версия "
    "engineversion комплектація комплектация variant назвадвигуна типдвигуна типдвигателя enginename motor",
    "engine_code": "коддвигуна коддвигателя enginecode кодмотора enginecodes кодидвигуна кодидвигунів кодыдвигателя "
    "кодыдвигателей motorcode motorcodes номердвигуна кодидвигателей маркадвигуна моделдвигуна модельдвигуна",
    "years": "роки рокивипуску років годы годавыпуска годывыпуска years year рік год ріквипуску годвыпуска період "
    "период periodvypuska yearrange productionyears production роквипуску рокивиробництва періодвипуску "
    "периодвыпуска датавипуску датавыпуска",
    "years_from": "ріквід рікз рікпочатку початоквипуску годс годначала началовыпуска yearfrom from fromyear "
    "productionfrom рікивід від з с от роквід годот startyear yearstart випускз выпускс "
    "builtfrom madefrom datefrom startdate",
    "years_to": "рікдо рікпо годпо годдо кінецьвипуску конецвыпуска yearto to toyear productionto до по endyear "
    "yearend випускдо выпускдо выпускпо builtto madeto dateto enddate",
    "power_kw": "квт kw потужністьквт мощностьквт powerkw квтпотужність",
    "power_hp": "кс лс hp ps потужністькс мощностьлс powerhp powerps кінськісили лошадиныесилы потужністьлс bhp",
    "power": "потужність мощность power",
    "fuel": "пальне паливо топливо fuel fueltype видпалива видпального типпалива типпального видтоплива типтоплива "
    "двигунпаливо",
    "displacement": "обєм обєм см3 объем обємдвигуна объемдвигателя displacement capacity cc ccm літраж литраж "
    "обємсм3 объемсм3 обємл объемл enginecapacity enginesize volume робочийобєм рабочийобъем см3 куб",
    "position": "місце місцевстановлення местоустановки вісь ось сторона position axle side положення положение "
    "розташування расположение місцеустановки стороназустановки fittingposition стороність осьустановки side/axle",
    "conditions": "умови умова условия условие примітка примечание примітки примечания note notes condition conditions "
    "restriction restrictions обмеження ограничения ограничение коментар комментарий comment додатково дополнительно "
    "remark remarks criteria критерії",
}
NUMBERS: Final[Mapping[str, str]] = _SHARED | {
    "oe": "oe oem oeномер oeномери oemномер oemномери oenumber oenumbers oemnumber oemnumbers оригінальнийномер "
    "оригінальніномери оригинальныйномер оригинальныеномера оригінал оригинал номерое номериое номерoe номериoe "
    "номерoem номериoem oeкод oeно oeno oemno оем ое originalnumber originalnumbers конструкційнийномер",
    "oe_make": "oeмарка маркаoe oemмарка маркаoem oemake oembrand oebrand маркаавто марка make виробникавто carmake "
    "oeвиробник oemвиробник автовиробник автопроизводитель vehiclemake виробникoe виробникoem",
    "cross": "крос кроси кросс кроссы cross crossnumbers crossreference crossreferences аналог аналоги аналоги/кроси "
    "замінники замінник заменители заменитель replacements analogs analogues кросномери кросномера crosscode "
    "кроссномера кроссномер crosses номераналога номераналогу",
    "cross_brand": "брендкросу брендкросса брендкроса бренданалога бренданалогу crossbrand brand2 бренд2 analogbrand "
    "виробниканалога производительаналога брендзамінника брендкросс крoсбренд кросбренд кроссбренд replacementbrand",
    "cross_number": "номеркросу номеркросса номеркроса number2 номер2 артикул2 article2 crossnumber артикуланалога "
    "артикуланалогу артикулкросу артикулкросса analognumber номерзамінника кроснoмер кросномер replacementnumber",
    "replaced_by": "замінено замінена заміненона заменен заменена замененна замененона replacedby supersededby "
    "новийномер новыйномер newnumber номерзаміна наступник successor замінено_на новийартикул новыйартикул",
    "replaces": "замінює попередній старийномер старыйномер oldnumber supersedes попереднійномер предыдущийномер "
    "заменяет староартикул старийартикул старыйартикул predecessor",
    "barcode": "штрихкод штрихкоди штрихкоды barcode barcodes ean ean13 gtin upc еан штрихкодean кодean eancode",
}


def header_key(cell: str) -> str:
    """``Код двигуна:`` → ``коддвигуна``; case, blanks, dots, dashes and apostrophes do not count."""
    return re.sub(r"[^\w/№]|_", "", cell.casefold().replace("ё", "е"))


@lru_cache(maxsize=4)
def _by_word(kind: str) -> dict[str, str]:
    words = FITMENT if kind == "fitment" else NUMBERS
    return {header_key(word): field for field, said in words.items() for word in said.split()}


_UNIT: Final = re.compile(r"^(.*?)\s*(?:,|\(|\[)\s*([^)\]]*)[)\]]?\s*$")


def field_of(cell: str, *, kind: str) -> str | None:
    """The field that a column called ``cell`` holds; a unit or an explanation behind it may be left out."""
    known = _by_word(kind)
    if field := known.get(header_key(cell)):
        return field
    if not (match := _UNIT.match(cell.strip())):
        return None
    field, unit = known.get(header_key(match[1])), known.get(header_key(match[2]))
    return unit if field == "power" and unit in ("power_kw", "power_hp") else field
