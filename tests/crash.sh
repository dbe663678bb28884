#!/usr/bin/env bash
# Kills the host at random moments under load and counts what becomes of the messages it had acknowledged.
#
#   bash tests/crash.sh [KILLS] [SEED] [sound|dead|flapping|postgres|nodes]
#
# 100 kills unless told otherwise. With "dead" or "flapping" that is how the first of two relays is; with "postgres" the outbox is there; with "nodes" first two and then four hosts work on it, KILLS times
# a host is killed, one stands still past its lease, the database is killed, its connections are cut. Prints a line for each kill and at the end acknowledged, delivered, duplicates and lost. The exit code is not 0 when an acknowledged
# message was lost, a repeated submission became two messages, or more was delivered twice than was in flight or not yet written down at the kills.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
kills=${1:-100}
case $kills in ''|*[!0-9]*|0) sed -n 's/^#   bash/usage: bash/p' "${BASH_SOURCE[0]}" >&2; exit 2 ;; esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MAILPLUGIN_CRASH_KILLS=$kills
first=${3:-sound}
case $first in sound) name=is_delivered_though_the_host_is_killed_under_load ;; dead) name=first_relay_is_dead ;; flapping) name=first_relay_flaps ;; postgres) name=from_PostgreSQL_though ;; nodes) name=NodesTests ;; *) sed -n 's/^#   bash/usage: bash/p' "${BASH_SOURCE[0]}" >&2; exit 2 ;; esac
[ -z "${2:-}" ] || export MAILPLUGIN_CRASH_SEED=$2

cd "$root" || exit 2
dotnet build tests/MailPlugin.Host.Tests --verbosity quiet --disable-build-servers -nodeReuse:false </dev/null || exit 2

mkdir -p "$root/artifacts"
case $first in nodes) reports=("$root"/artifacts/crash-nodes-{2,4}.txt) ;; *) reports=("$root/artifacts/crash-$first.txt") ;; esac
for report in "${reports[@]}"; do : >"$report"; done
tail -q -n +1 -F "${reports[@]}" 2>/dev/null &
follower=$!
trap 'kill "$follower" 2>/dev/null' EXIT
dotnet test tests/MailPlugin.Host.Tests/bin/Debug/net10.0/MailPlugin.Host.Tests.dll --filter "FullyQualifiedName~$name" --logger 'console;verbosity=quiet' </dev/null >"$root/artifacts/crash.log" 2>&1
code=$?
sleep 1.2
[ $code = 0 ] || cat "$root/artifacts/crash.log"
exit $code
