#!/usr/bin/env bash
# Take one study out of the gateway's cache, at once, without stopping it. As root:
#   bash forget-study.sh CACHE_FOLDER STUDY_INSTANCE_UID
# Says how many entries were there. Each entry begins with the question it answers ("KEY: ..."); those that ask for this
# study are deleted, whoever's token they belong to. nginx fetches anew what is asked for again, and what is on its way at
# that moment is kept after all: close the film first, or run this again.
# 从网关缓存中立即删除一个检查，无需停止服务。显示删除的条目数。正在传输的内容仍会保留：先关闭影像，或再执行一次。
set -euo pipefail
[ $# -eq 2 ] || { sed -n '2,7p' "$0" | cut -c3-; exit 2; }
folder="$1" study="$2"
[[ "$study" =~ ^[0-9][0-9.]{0,63}$ ]] || { echo "not a Study Instance UID" >&2; exit 2; }
if [ ! -d "$folder/films" ] || [ ! -d "$folder/lists" ]; then echo "no cache of the gateway: $folder" >&2; exit 2; fi

# The UID stands between / or = or | and something that is no part of a UID: 1.2.3 is not 1.2.34.
pattern="^KEY: .*[/=|,]${study//./\\.}([^0-9.]|\$)"
count=0
while IFS= read -r -d '' entry; do
  # nginx may take an entry away while this looks at it
  if head -c 32768 "$entry" 2>/dev/null | grep -m 1 -a '^KEY: ' | grep -qE "$pattern"; then
    rm -f -- "$entry"
    count=$((count + 1))
  fi
done < <(find "$folder" -type f -print0)
echo "$count"
