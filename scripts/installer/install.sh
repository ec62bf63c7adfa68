#!/bin/bash
# 役場をネットワークなしで入れる・新しい版に上げる。使い方: sudo ./install.sh（--help で説明）
# Installs or upgrades Yakuba from this folder alone; nothing is fetched from anywhere.
set -euo pipefail
umask 022

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
prefix=/opt/yakuba
home=/var/lib/yakuba
settings=
user=yakuba
service=yes
given_fingerprint=
given_key=
sample=
port=8000

usage() {
	cat <<'HELP'
使い方: sudo ./install.sh [選択肢]
  --prefix DIR        プログラムの場所（ふだんは /opt/yakuba）
  --home DIR          データの場所（ふだんは /var/lib/yakuba）
  --settings DIR      設定の場所（ふだんは /etc/yakuba、--no-service なら プログラムの場所/settings）
  --user NAME         動かす利用者（ふだんは yakuba。なければ作る）
  --port N            待ち受けるポート（ふだんは 8000）
  --fingerprint HEX   署名の鍵の指紋。別の経路（紙、電話など）で受け取ったものを指定する
  --key FILE          署名の公開鍵。別の経路で受け取ったもの
  --sample            見本の町を作る（試すとき）
  --no-service        systemd に登録しない（管理者でなくても入れられる）
HELP
}

say() { printf '%s\n' "$*"; }
fail() { printf 'できません: %s\n' "$1" >&2; [ -z "${2:-}" ] || printf '次に: %s\n' "$2" >&2; exit 1; }

while [ $# -gt 0 ]; do
	case "$1" in
	--prefix | --home | --settings | --user | --port | --fingerprint | --key)
		[ $# -ge 2 ] || fail "$1 の値がありません。" "./install.sh --help"
		case "$1" in
		--prefix) prefix="$2" ;; --home) home="$2" ;; --settings) settings="$2" ;; --user) user="$2" ;;
		--port) port="$2" ;; --fingerprint) given_fingerprint="$2" ;; --key) given_key="$2" ;;
		esac
		shift 2 ;;
	--sample) sample=--sample; shift ;;
	--no-service) service=no; shift ;;
	--help | -h) usage; exit 0 ;;
	*) usage >&2; fail "知らない選択肢です: $1" ;;
	esac
done

absolute() { case "$1" in /*) printf '%s' "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
[ -n "$settings" ] || { [ "$service" = yes ] && settings=/etc/yakuba || settings="$prefix/settings"; }
prefix="$(absolute "$prefix")" home="$(absolute "$home")" settings="$(absolute "$settings")"
case "$prefix$home$settings" in *[\'\"\|\\\&\ ]*) fail "場所の名前に空白や記号（' \" | \\ &）は使えません。" ;; esac

# ---- 1. the signature, before anything of this folder is used --------------------------------------------------------

fingerprint_of() { openssl pkey -pubin -in "$1" -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1; }

check_signature() {
	command -v openssl >/dev/null || fail "openssl がありません。署名を確かめられません。" "Debian の openssl パッケージを入れてください。"
	local key="$here/yakuba-bundle.pub" trusted="$prefix/trusted.pub" found
	[ -s "$here/SHA256SUMS" ] && [ -s "$here/SHA256SUMS.sig" ] && [ -s "$key" ] ||
		fail "署名のファイル（SHA256SUMS、SHA256SUMS.sig、yakuba-bundle.pub）がそろっていません。" "配布された tar をもう一度展開してください。"
	[ -z "$given_key" ] || key="$given_key"
	found="$(fingerprint_of "$key")"
	if [ -n "$given_fingerprint" ]; then
		[ "$found" = "$(printf '%s' "$given_fingerprint" | tr -d ' :' | tr 'A-F' 'a-f')" ] ||
			fail "署名の鍵の指紋が、指定されたものと違います（この一式: $found）。" "配布元に確かめてください。入れないでください。"
	elif [ -z "$given_key" ] && [ -s "$trusted" ]; then
		[ "$found" = "$(fingerprint_of "$trusted")" ] ||
			fail "前に入れた版と署名の鍵が違います（この一式: $found）。" "鍵を替えたと配布元から知らされているときだけ、--fingerprint で新しい指紋を指定してください。"
	elif [ -z "$given_key" ]; then
		say "署名の鍵の指紋: $(printf '%s' "$found" | sed 's/..../& /g')"
		[ -t 0 ] || fail "署名の鍵を確かめられません。" "配布元から受け取った指紋を --fingerprint で指定してください。"
		read -r -p "配布元から別に受け取った指紋と同じですか（はい / いいえ）: " answer
		case "$answer" in はい | y | yes) ;; *) fail "中止しました。" ;; esac
	fi
	openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$here/SHA256SUMS" -sigfile "$here/SHA256SUMS.sig" >/dev/null 2>&1 ||
		fail "署名が正しくありません。この一式は書き換えられています。" "配布元から受け取り直してください。"
	(cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) >/dev/null 2>&1 ||
		fail "書き換えられたか、壊れたファイルがあります: $(cd "$here" && sha256sum -c SHA256SUMS 2>/dev/null | grep -v ': OK$' | head -3 | tr '\n' ' ')" "配布元から受け取り直してください。"
	local extra
	extra="$(cd "$here" && find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig ! -name yakuba-bundle.pub -printf '%P\n' |
		LC_ALL=C sort | LC_ALL=C comm -23 - <(cut -c67- SHA256SUMS | LC_ALL=C sort) | head -1)"
	[ -z "$extra" ] || fail "署名されていないファイルがあります: $extra" "配布された tar をもう一度、空のフォルダーに展開してください。"
	verified_key="$key"
	say "✓ 署名と要約値を確かめました"
}

# ---- 2. the program, in a folder of its own beside the earlier ones ---------------------------------------------------

find_python() {
	local version
	for version in $(cat "$here/PYTHONS"); do
		if command -v "python$version" >/dev/null; then
			command -v "python$version"
			return
		fi
	done
	if command -v python3 >/dev/null; then
		version="$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
		if grep -qw "$version" "$here/PYTHONS"; then
			command -v python3
			return
		fi
	fi
	fail "使える Python がありません（必要: $(cat "$here/PYTHONS") のどれか）。" "Debian 12 以降の python3 パッケージを入れてください。"
}

install_fonts() {
	local deb name
	for deb in "$here"/debs/*.deb; do
		[ -e "$deb" ] || return 0
		name="$(basename "$deb" | cut -d_ -f1)"
		if dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'install ok installed'; then
			continue
		fi
		if [ "$(id -u)" = 0 ]; then
			say "フォントを入れています: $name"
			dpkg -i "$deb" >/dev/null || say "! $name を入れられませんでした。あとで dpkg -i $deb を実行してください。"
		else
			say "! フォント $name がありません。管理者に頼んで入れてください: dpkg -i $deb"
		fi
	done
}

install_program() {
	local python="$1" version="$2" uv
	release="$prefix/releases/$version"
	if [ -e "$release/.complete" ] && [ "$(cat "$release/.complete")" = "$(sha256sum <"$here/SHA256SUMS")" ]; then
		say "✓ 版 $version のプログラムはもう入っています"
		return
	fi
	if [ -L "$prefix/current" ] && [ "$(readlink -f "$prefix/current")" = "$(readlink -f "$release")" ]; then
		fail "いま動いている版 $version と同じ番号の、中身の違う一式です。" "版の番号を配布元に確かめてください。"
	fi
	say "プログラムを入れています（$release）"
	rm -rf "$release"
	mkdir -p "$release/tools"
	"$python" - "$here" "$release/tools" <<'UNPACK'
import pathlib, sys, zipfile
wheels, into = pathlib.Path(sys.argv[1], "wheels"), pathlib.Path(sys.argv[2])
with zipfile.ZipFile(next(wheels.glob("uv-*.whl"))) as wheel:
    name = next(one for one in wheel.namelist() if one.endswith(".data/scripts/uv"))
    into.joinpath("uv").write_bytes(wheel.read(name))
into.joinpath("uv").chmod(0o755)
UNPACK
	uv="$release/tools/uv"
	local quiet=(env -u PYTHONPATH -u VIRTUAL_ENV UV_NO_CONFIG=1 UV_OFFLINE=1 UV_CACHE_DIR="$release/tools/cache" UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never)
	"${quiet[@]}" "$uv" venv --quiet --python "$python" "$release/venv" >/dev/null || fail "Python の環境を作れません。"
	"${quiet[@]}" "$uv" pip install --quiet --python "$release/venv/bin/python" --offline --no-index \
		--find-links "$here/wheels" --require-hashes --no-deps --compile-bytecode -r "$here/requirements.txt" ||
		fail "プログラムを入れられません（上の出力が理由です）。"
	rm -rf "$release/tools"
	sha256sum <"$here/SHA256SUMS" >"$release/.complete"
	say "✓ 版 $version のプログラムを入れました"
}

# ---- 3. the town hall's home, settings and service ------------------------------------------------------------------

yakuba() { # the release that is being installed, with the town hall's settings and as the user it belongs to
	YAKUBA_RELEASE="$release" "$prefix/bin/yakuba" "$@"
}

install_command() {
	mkdir -p "$prefix/bin"
	sed -e "s|@PREFIX@|$prefix|g" -e "s|@HOME@|$home|g" -e "s|@SETTINGS@|$settings|g" "$here/yakuba.sh" >"$prefix/bin/.yakuba.new"
	chmod 0755 "$prefix/bin/.yakuba.new"
	mv "$prefix/bin/.yakuba.new" "$prefix/bin/yakuba"
	[ "$service" = no ] || ln -sfn "$prefix/bin/yakuba" /usr/local/bin/yakuba
}

prepare_home() {
	if [ "$service" = yes ]; then
		id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$home" --shell /usr/sbin/nologin "$user"
		install -d -m 0700 -o "$user" -g "$user" "$home"
		install -d -m 0755 "$settings"
		[ -e "$settings/yakuba.env" ] || {
			sed -e "s|@HOME@|$home|g" -e "s|@PORT@|$port|g" "$here/yakuba.env" >"$settings/yakuba.env"
			chmod 0640 "$settings/yakuba.env"
			chgrp "$user" "$settings/yakuba.env"
		}
	else
		mkdir -p "$home"
		chmod 0700 "$home"
	fi
}

install_service() {
	sed -e "s|@PREFIX@|$prefix|g" -e "s|@HOME@|$home|g" -e "s|@SETTINGS@|$settings|g" -e "s|@USER@|$user|g" \
		"$here/yakuba.service" >/etc/systemd/system/yakuba.service
	[ ! -d /etc/logrotate.d ] ||
		sed -e "s|@HOME@|$home|g" -e "s|@USER@|$user|g" "$here/yakuba.logrotate" >/etc/logrotate.d/yakuba
	systemctl daemon-reload
	systemctl enable --quiet yakuba.service
}

switch_to() { # the new release takes the place of the current one in a single rename
	if [ -L "$prefix/current" ] && [ "$(readlink "$prefix/current")" != "releases/$1" ]; then
		ln -sfn "$(readlink "$prefix/current")" "$prefix/previous"
	fi
	ln -sfn "releases/$1" "$prefix/.current.new"
	mv -T "$prefix/.current.new" "$prefix/current"
	cp "$verified_key" "$prefix/trusted.pub.new"
	mv "$prefix/trusted.pub.new" "$prefix/trusted.pub"
}

forget_older_releases() { # all but the current one and the one before it
	local one
	for one in "$prefix"/releases/*; do
		case "$(readlink -f "$one")" in
		"$(readlink -f "$prefix/current")" | "$(readlink -f "$prefix/previous" 2>/dev/null)") ;;
		*) rm -rf "$one" ;;
		esac
	done
}

start_service() {
	[ "$service" = yes ] || return 0
	local turn set
	set="$(sed -n 's/^PORT=\([0-9]*\)$/\1/p' "$settings/yakuba.env" | tail -1)"
	port="${set:-$port}"
	systemctl restart yakuba.service
	for turn in $(seq 1 90); do
		if "$release/venv/bin/python" - "$port" <<'ASK' 2>/dev/null
import http.client, sys
asking = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=2)
asking.request("GET", "/healthz")
sys.exit(0 if asking.getresponse().status < 500 else 1)
ASK
		then
			say "✓ 役場が開きました（ポート $port）"
			return 0
		fi
		sleep 1
	done
	fail "役場が開きません。" "journalctl -u yakuba と $home/logs を見てください。データは無事です。"
}

# ---- all of it ------------------------------------------------------------------------------------------------------

if [ "$service" = yes ] && [ "$(id -u)" != 0 ]; then
	fail "管理者の権限が要ります。" "sudo ./install.sh を実行するか、--no-service と --prefix、--home を指定してください。"
fi
check_signature
version="$(cat "$here/VERSION")"
python="$(find_python)"
mkdir -p "$prefix/releases"
install_fonts
install_program "$python" "$version"
prepare_home
install_command
if [ -L "$prefix/current" ]; then
	before="$(basename "$(readlink "$prefix/current")")"
	say "版 $before から版 $version に上げます"
	[ "$service" = no ] || systemctl stop yakuba.service 2>/dev/null || true
	if ! yakuba upgrade; then
		[ "$service" = no ] || systemctl start yakuba.service 2>/dev/null || true
		fail "版を上げられませんでした。版 $before のまま使えます。" "上の理由を取り除いてから、もう一度 install.sh を実行してください。"
	fi
else
	yakuba init $sample || fail "データの場所を準備できません（上の出力が理由です）。"
fi
switch_to "$version"
[ "$service" = no ] || install_service
start_service
forget_older_releases
say "✓ 版 $version が入りました"
if [ "$service" = no ]; then
	say "開くには: $prefix/bin/yakuba run --port $port"
fi
say "点検: $prefix/bin/yakuba doctor"
say "バックアップを戻すための鍵を作り、機械の外に保管するには: $prefix/bin/yakuba backup-key"
