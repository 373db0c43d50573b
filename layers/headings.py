"""What a column is, by its name: both Japanese standards, GSI, BODIK, free forms, English.

Names are matched, never positions: the order differs from city to city. Pure: no Django.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC

from layers import moments

# field -> names. In a file with several columns of one field the first name of this list counts.
NAMES: dict[str, str] = {
    "key": "共通ID 施設ID 避難所ID ID 識別ID 施設番号 避難所番号 施設コード 管理番号 識別番号 "
    "identification facilityId facility_id feature_id uuid osm_id",
    "number": "NO No. 番号 連番 通し番号 項番 整理番号 # fid objectid index row",
    # the body that publishes
    "code": "全国地方公共団体コード 都道府県コード又は市区町村コード 地方公共団体コード "
    "団体コード 自治体コード prefCode",
    # where the place is
    "place_code": "所在地_全国地方公共団体コード 市区町村コード 市町村コード 住所_市区町村コード "
    "行政コード municipality_code city_code citycode muniCd",
    "prefecture": "所在地_都道府県 都道府県名 都道府県 県名 pref prefecture",
    "municipality": "所在地_市区町村 市区町村名 市町村名 市区町村 市町村 区市町村 city "
    "municipality",
    "prefecture_municipality": "都道府県名及び市町村名 都道府県及び市町村",
    "town": "所在地_町字 町字 町名 大字 town",
    "block": "所在地_番地以下 番地以下 番地",
    "address": "所在地_連結表記 住所 所在地 所在 所在地住所 施設住所 設置住所 設置場所住所 "
    "避難所住所 住所表記 所在地(住所) 場所(住所) 給水場所住所 address full_address "
    "street_address addr addr_full street",
    "building": "建物名等(方書) 方書 建物名 katagaki",
    "name": "名称 施設・場所名 施設名 施設名称 避難所名 避難所名称 避難場所名 避難場所名称 "
    "避難所 避難場所 指定避難所名 指定緊急避難場所名 給水所名 給水場所 給水所 給水拠点 店舗名 "
    "店名 事業所名 設置施設名 設置場所名称 設置施設 会場 会場名 実施場所 開設場所 スポット名 "
    "地点名 拠点名 路線名 路線 区間 名前 場所 場所名 設置場所 タイトル name title place_name "
    "facility_name shelter_name facility shelter polling_place_name station_name",
    "name_en": "名称_英字 名称_英語 名称(英語) 英語名 英語名称 英語表記 name_en name_english "
    "english_name fullNameInRomaji",
    "latlon": "緯度経度 緯度・経度 緯度,経度 緯度/経度 座標 位置 位置情報 位置座標 経緯度 lat,lon "
    "latlon latlng lat_lon lat_lng location coordinates coordinate geo geom geometry wkt point "
    "緯度、経度 google_map googlemap",
    "lat": "緯度 緯度(度) 北緯 緯度_世界測地系 緯度(世界測地系) 世界測地系_緯度 緯度(10進) "
    "緯度(10進法) 緯度_10進 十進緯度 緯度(十進法) 施設緯度 lat latitude ido y_lat",
    "lon": "経度 経度(度) 東経 経度_世界測地系 経度(世界測地系) 世界測地系_経度 経度(10進) "
    "経度(10進法) 経度_10進 十進経度 経度(十進法) 施設経度 lon lng long longitude keido x_lon",
    "lat_d": "緯度_度 北緯_度", "lat_m": "緯度_分 北緯_分 緯度(分)",
    "lat_s": "緯度_秒 北緯_秒 緯度(秒)",
    "lon_d": "経度_度 東経_度", "lon_m": "経度_分 東経_分 経度(分)",
    "lon_s": "経度_秒 東経_秒 経度(秒)",
    "x": "X座標 X 座標X x_coord x座標値 平面直角座標X 平面直角_X X座標(m) x(m) coord_x",
    "y": "Y座標 Y 座標Y y_coord y座標値 平面直角座標Y 平面直角_Y Y座標(m) y(m) coord_y",
    "datum": "測地系 座標系 datum crs 測地系コード",
    "capacity": "想定収容人数 収容人数 収容可能人数 収容可能人員 収容定員 収容人員 最大収容人数 "
    "受入可能人数 定員 capacity max_capacity",
    "persons": "人数 避難者数 避難人数 避難者 現在の避難者数 収容者数 入所者数 受入人数 現在人数 "
    "避難者数計 避難者数合計 persons evacuees people",
    "operation": "開設状況 開設状態 開設区分 運営状況 稼働状況 営業状況 実施状況 利用状況 開所状況 "
    "給水状況 提供状況 入浴状況 開設 開設の有無 開設有無 operation open_status",
    "traffic": "規制内容 規制開始_内容 通行規制 規制状況 通行状況 規制種別 規制区分 通行可否 "
    "通行状態 traffic roadstatus road_status",
    "congestion": "混雑状況 混雑度 混雑 混雑具合 空き状況 満空情報 congestion crowding",
    "status": "状況 状態 ステータス 現況 status",
    "as_of": "時点 情報時点 現在時点 日時 調査日時 確認時点 発表日時 集計日時 報告日時 更新日時 "
    "最終更新日時 最終更新 更新日 データ更新日 as_of source_as_of updated_at updated last_updated "
    "timestamp",
    "checked_at": "確認日時 確認日 最終確認 最終確認日時 checked_at",
    "hours": "開設時間 給水時間 営業時間 利用時間 実施時間 利用可能時間 受付時間 入浴時間 hours "
    "opening_hours",
    "note": "備考 備考1 備考2 備考3 備考欄 特記事項 摘要 注記 補足 概要 note notes remarks remark "
    "memo comment description",
    "phone": "電話番号 電話 連絡先電話番号 TEL 連絡先 telephoneNumber phone tel telephone",
    "postal": "郵便番号 〒 postal_code postcode zip zipcode",
    "email": "連絡先メールアドレス メールアドレス E-mail email mail",
    "url": "URL リンク リンク先 ホームページ ウェブサイト 連絡先FormURL 詳細URL link website "
    "source_url homepage",
    "source": "source_name 出典 情報源 発表元",
}  # fmt: skip
HAZARDS: dict[str, str] = {
    "flood": "洪水 洪水等 河川洪水 外水氾濫 洪水氾濫 flood flood_L1 flood_L2",
    "landslide": "崖崩れ、土石流及び地滑り 土砂災害 土砂 がけ崩れ 崖崩れ がけ崩れ・土石流・地滑り "
    "崖崩れ・土石流・地滑り 土石流 地すべり 地滑り landslide sedimentDisaster sediment_disaster",
    "storm_surge": "高潮 storm_surge stormSurge",
    "earthquake": "地震 地震災害 earthquake",
    "tsunami": "津波 tsunami tunami",
    "fire": "大規模な火事 大規模火災 大規模な火災 大火 火災 火事 fire large_fire",
    "inland_flood": "内水氾濫 内水 内水浸水 inland_flood inundation",
    "volcano": "火山現象 火山 火山噴火 噴火 volcano",
}
# what a person may say a column is
FIELDS = (*NAMES, *(f"hazard:{code}" for code in HAZARDS))
HAZARD_PREFIX = re.compile(
    r"^(?:災害種別|異常な現象の種類|対象とする異常な現象の種類|対象災害|災害の種類|対応災害|適否|hazard)"
    r"[_:・\- ]?|[_ ]?(?:適否|時|対応|可否)$"
)
# for names nobody could list: the words decide, the more telling ones first
PATTERNS: tuple[tuple[str, str], ...] = (
    ("x", r"^(?:平面直角)?(?:座標(?:値)?[_(]?x\)?|x[_(]?座標.*)$"),
    ("y", r"^(?:平面直角)?(?:座標(?:値)?[_(]?y\)?|y[_(]?座標.*)$"),
    ("latlon", r"緯度.*経度|lat.{0,9}l(?:on|ng)"),
    ("lat", r"緯度|(?:^|[_ .])lat(?:itude)?(?:$|[_ .(])"),
    ("lon", r"経度|(?:^|[_ .])(?:lon|lng|long(?:itude)?)(?:$|[_ .(])"),
    ("name", r"^.{0,8}(?:施設|避難所|避難場所|場所|給水所|店舗|事業所)の?(?:名|名称)(?:[_(].*)?$"),
    (
        "name",
        r"^(?!.*(?:河川|水系|管理|団体|市|町|村|県|担当|組織|品|企業|責任|設置|連絡|路線|代表)).{1,8}名称?$",
    ),
    ("address", r"^.{0,8}(?:住所|所在地)1?(?:[_(].*)?$"),
)
OLD_DATUM = re.compile(r"日本測地|旧測地|旧日本|東京測地|tokyo|epsg:?4301", re.IGNORECASE)
# names that hold a word of a position without being one
NOT_A_PLACE = re.compile(r"精度|種別|出典|取得|accuracy|カナ|ふりがな|フリガナ|読み", re.IGNORECASE)


def plain(name: str) -> str:
    """For comparison: half-width, without blanks, line ends and units; small letters."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).lower()
    text = re.sub(r"(?<=.)※.*$|【[^】]*】|^[0-9]{1,2}[.:)](?=\D)", "", text)
    return re.sub(r"\((?:人|名|台|席|m|メートル|件|必須|任意|※.*)\)$|^[*※●■]|[*:]$", "", text)


def _index() -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for field, words in NAMES.items():
        for rank, word in enumerate(words.split()):
            found.setdefault(plain(word), (field, rank))
            # "Facility Name" has lost its blank
            found.setdefault(plain(word).replace("_", ""), (field, rank))
    return found


EXACT = _index()
EXACT_HAZARDS = {plain(w): code for code, words in HAZARDS.items() for w in words.split()}


def field_of(name: str) -> str:
    """The field a column name stands for ("hazard:flood" for a hazard's flag), "" for others."""
    return ranked(name)[0]


def ranked(name: str) -> tuple[str, int]:
    """(field, rank): of two columns of one field the lower rank is the better name."""
    found = _ranked(plain(name[:200]))
    if not found[0] and (rest := moments.find(name[:200], UTC)[1]):
        # 人数_令和6年1月9日午後6時時点
        found = _ranked(plain(rest))
    return found


def _ranked(word: str) -> tuple[str, int]:
    if not word or len(word) > 80:
        return "", 0
    for one in (word, word.replace("_", "")):
        if one in EXACT:
            return EXACT[one]
    if hazard := EXACT_HAZARDS.get(HAZARD_PREFIX.sub("", word)):
        return f"hazard:{hazard}", 0
    if len(word) > 40 or NOT_A_PLACE.search(word):
        return "", 0
    for field, pattern in PATTERNS:
        if re.search(pattern, word):
            # a plain name or WGS 84 is preferred to the old datum
            return field, 60 if OLD_DATUM.search(word) else 50
    return "", 0


def is_old_datum(name: str) -> bool:
    """日本測地系 (Tokyo Datum) by the column's name."""
    return bool(OLD_DATUM.search(unicodedata.normalize("NFKC", name)))
