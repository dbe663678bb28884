#!/usr/bin/env bash
# Fetches what the load programs are compared with and is not there: nodemailer, into the ignored folder tests/.bed/load.
# Postfix with smtp-sink and smtp-source comes as Debian's package "postfix"; tests/run.sh installs it.
set -eu
load=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/.bed/load
mkdir -p "$load"
echo '{ "private": true, "dependencies": { "nodemailer": "10.6.0" } }' >"$load/package.json"
npm --prefix "$load" install --ignore-scripts --no-audit --no-fund --loglevel=error
for program in /usr/sbin/smtp-sink /usr/sbin/smtp-source /usr/sbin/postfix; do
  [ -x "$program" ] || { echo "missing: $program" >&2; exit 1; }
done
