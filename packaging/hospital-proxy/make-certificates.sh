#!/usr/bin/env bash
# Certificates for a trial, by openssl alone: an authority, the gateway's certificate, one for each workstation.
#   bash make-certificates.sh FOLDER GATEWAY_NAME WORKSTATION...
# GATEWAY_NAME is the name (or the address) by which workstations reach the gateway. What is there already stays, so that
# more workstations can be added later. For daily use let the hospital's own authority sign: README.md says how.
# 试用证书：一个签发机构、网关证书、每台工作站一张证书。已有的文件保持不变，可以以后再增加工作站。
set -euo pipefail
umask 077
[ $# -ge 3 ] || { sed -n '2,6p' "$0" | cut -c3-; exit 2; }
folder="$1" gateway="$2"
shift 2
mkdir -p "$folder"
cd "$folder"

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null ||
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

# sign NAME SUBJECT DAYS EXTENSIONS
sign() {
  [ -e "$1.pem" ] && return 0
  key "$1.key"
  printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" \
    "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" "$4" > "$1.ext"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$3" -sha256 \
    -extfile "$1.ext" -out "$1.pem" 2>/dev/null
  rm "$1.csr" "$1.ext"
}

if [ ! -e ca.pem ]; then
  key ca.key
  openssl req -x509 -new -key ca.key -subj "/O=Hospital trial/CN=Film gateway trial authority" -days 825 -sha256 \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.pem
fi

if [[ "$gateway" =~ ^[0-9.]+$ || "$gateway" == *:* ]]; then kind="IP"; else kind="DNS"; fi
sign gateway "/O=Hospital trial/CN=$gateway" 397 "$(printf '%s\n%s' "subjectAltName=$kind:$gateway" "extendedKeyUsage=serverAuth")"
for workstation in "$@"; do
  sign "$workstation" "/O=Hospital trial/CN=$workstation" 397 "extendedKeyUsage=clientAuth"
done
