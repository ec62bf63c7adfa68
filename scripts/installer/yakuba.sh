#!/bin/bash
# この役場の yakuba コマンド。設定ファイルを読み、役場の利用者として、いま使っている版で実行する。
# The command of this installation: its settings, its owner, the release in use.
set -euo pipefail
umask 077

prefix='@PREFIX@'
home='@HOME@'
settings='@SETTINGS@/yakuba.env'
release="${YAKUBA_RELEASE:-$prefix/current}"

command=(env -u YAKUBA_RELEASE "YAKUBA_HOME=$home" "HOME=$home")
if [ -r "$settings" ]; then
	while IFS= read -r line || [ -n "$line" ]; do
		case "$line" in '' | \#* | \;*) continue ;; *=*) ;; *) continue ;; esac
		value="${line#*=}"
		case "$value" in # as systemd reads the same file
		\"*\") value="${value#\"}" value="${value%\"}" ;;
		\'*\') value="${value#\'}" value="${value%\'}" ;;
		esac
		command+=("${line%%=*}=$value")
	done <"$settings"
fi

owner="$(stat -c %U "$home")"
if [ "$(id -un)" = "$owner" ]; then
	exec "${command[@]}" "$release/venv/bin/yakuba" "$@"
elif [ "$(id -u)" = 0 ]; then
	exec runuser -u "$owner" -- "${command[@]}" "$release/venv/bin/yakuba" "$@"
fi
printf '管理者として実行してください: sudo %s %s\n' "$prefix/bin/yakuba" "$*" >&2
exit 1
