-- 見本の住民記録。役場の外にある住民記録システムの代わりで、役場のデータベースとは別のファイルです。
-- 個人番号（マイナンバー）の列はありません。すべての行に見本の印があります。
PRAGMA user_version = 1; -- 形の版。照会する側（kernel/people）が確かめます。

CREATE TABLE about (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    marker TEXT NOT NULL CHECK (marker = '見本'),
    town_code TEXT NOT NULL,
    as_of TEXT NOT NULL,
    seed TEXT NOT NULL,
    residents INTEGER NOT NULL
) STRICT;

CREATE TABLE household (
    number TEXT PRIMARY KEY CHECK (number GLOB 'MS[0-9][0-9][0-9][0-9][0-9][0-9]'),
    postal_code TEXT NOT NULL CHECK (length(postal_code) = 7),
    prefecture TEXT NOT NULL,
    city TEXT NOT NULL,
    area TEXT NOT NULL,
    lot TEXT NOT NULL,
    address TEXT NOT NULL,
    address_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE resident (
    number TEXT PRIMARY KEY CHECK (number GLOB 'M[0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    marker TEXT NOT NULL CHECK (marker = '見本'),
    household_number TEXT NOT NULL REFERENCES household (number),
    name TEXT NOT NULL CHECK (name <> ''),
    reading TEXT NOT NULL CHECK (reading <> ''),
    latin_name TEXT NOT NULL,
    common_name TEXT NOT NULL,
    search_key TEXT NOT NULL,
    reading_key TEXT NOT NULL,
    born_on TEXT NOT NULL CHECK (born_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    sex TEXT NOT NULL CHECK (sex IN ('男', '女')),
    relationship TEXT NOT NULL CHECK (relationship <> ''),
    is_head INTEGER NOT NULL CHECK (is_head IN (0, 1) AND (is_head = 1) = (relationship = '世帯主')),
    nationality TEXT NOT NULL,
    status_of_residence TEXT NOT NULL CHECK ((nationality = '日本') = (status_of_residence = '')),
    registered_domicile TEXT NOT NULL,
    became_resident_on TEXT NOT NULL CHECK (became_resident_on >= born_on),
    previous_address TEXT NOT NULL,
    removed_on TEXT CHECK (removed_on >= became_resident_on),
    removal_reason TEXT NOT NULL CHECK (removal_reason IN ('', '転出', '死亡') AND (removal_reason = '') = (removed_on IS NULL)),
    removal_to TEXT NOT NULL CHECK (removal_to = '' OR removal_reason = '転出'),
    is_protected INTEGER NOT NULL CHECK (is_protected IN (0, 1)),
    phone TEXT NOT NULL CHECK (phone = '' OR phone LIKE '000-%'),
    mail TEXT NOT NULL CHECK (mail = '' OR mail LIKE '%@example.jp')
) STRICT, WITHOUT ROWID;

CREATE INDEX resident_household ON resident (household_number);
CREATE INDEX resident_born ON resident (born_on);
CREATE UNIQUE INDEX household_one_head ON resident (household_number) WHERE is_head = 1 AND removed_on IS NULL;
