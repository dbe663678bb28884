#!/usr/bin/env bash
# Installs what the tests need and is not there, builds, runs all tests.
#
#   bash tests/run.sh [--filter EXPRESSION] [--no-install]
#
# Works as root and as a user whose sudo asks nothing (or asks on a terminal, once). The last line is "N passed, N failed, N skipped"; the exit code
# is 0 only when nothing failed and no server was missing. Reports (TRX) and screenshots are left in artifacts/.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
bed=$root/tests/.bed
artifacts=$root/artifacts
install=yes
filter=()
while [ $# -gt 0 ]; do
  case $1 in
    --filter) [ $# -ge 2 ] || { echo "--filter wants an expression" >&2; exit 2; }; filter=(--filter "$2"); shift 2 ;;
    --no-install) install=no; shift ;;
    *) sed -n 's/^#   bash/usage: bash/p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

passed=0 failed=0 skipped=0 trouble=0
say() { printf '%s\n' "$*"; }
problem() { printf 'PROBLEM: %s\n' "$*"; trouble=1; }
finish() {
  [ "$trouble" = 0 ] || [ "$failed" -gt 0 ] || say "No test failed, but see the problems above."
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$trouble" = 0 ] && [ "$failed" = 0 ]
  exit
}
# The network has bad moments: once more, then it is a failure.
again() { "$@" || { say "Trying again: $1"; sleep 3; "$@"; }; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Compiler and build servers would stay behind.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

cd "$root" || exit 2
if ! command -v dotnet >/dev/null; then
  problem "the .NET SDK is missing; install the version that global.json names"
  finish
fi
if ! sdk=$(dotnet --version 2>&1); then
  problem "no installed .NET SDK satisfies global.json: $sdk"
  finish
fi

# ---- who can become root -----------------------------------------------------------------------------------------------------------------------------
sudo=()
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
    sudo=(sudo -n)
  else
    problem "neither root nor a sudo that asks nothing: Postfix, Exim and OpenSMTPD cannot be started, nothing can be installed"
    install=no
  fi
fi

# ---- what the tests need ---------------------------------------------------------------------------------------------------------------------------------
updated=no
apt_update() {
  [ "$updated" = yes ] && return 0
  again "${sudo[@]}" apt-get -qq update && updated=yes
}

# Packages whose servers must not be started by their installation. Debian asks policy-rc.d; ours says no for as long as this takes.
apt_install() {
  local policy=/usr/sbin/policy-rc.d ours=no result
  apt_update
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null && "${sudo[@]}" chmod 755 $policy && ours=yes
  fi
  # The private instances need no configuration of the system's Postfix.
  echo 'postfix postfix/main_mailer_type select No configuration' | "${sudo[@]}" debconf-set-selections 2>/dev/null
  again "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" </dev/null >"$artifacts/apt.log" 2>&1
  result=$?
  [ $ours = yes ] && "${sudo[@]}" rm -f $policy
  [ $result = 0 ] || tail -n 20 "$artifacts/apt.log"
  return $result
}

# Debian's mail servers conflict as packages: beside Postfix they are unpacked only. They never run setuid.
unpack() {
  local name=$1 file=$2 package=$3 work
  [ -e "$bed/$name/$file" ] && return 0
  say "Unpacking $package into tests/.bed/$name"
  work=$(mktemp -d) && chmod 777 "$work"
  (cd "$work" && { apt-get -qq download "$package" 2>/dev/null || { apt_update; again apt-get -qq download "$package"; }; } &&
    rm -rf "$bed/$name" && mkdir -p "$bed/$name" && dpkg -x "$work"/*.deb "$bed/$name" && find "$bed/$name" -perm /6000 -type f -exec chmod a-s {} +)
  local result=$?
  rm -rf "$work"
  return $result
}

npm_packages() {
  local from=$root/tests/MailPlugin.TestBed/Node
  cmp -s "$from/package-lock.json" "$bed/package-lock.json" && [ -d "$bed/node_modules/smtp-server" ] && return 0
  say "Installing smtp-server and mailparser into tests/.bed"
  mkdir -p "$bed" && cp "$from/package.json" "$bed/" && rm -f "$bed/package-lock.json" && cp "$from/package-lock.json" "$bed/package-lock.json" &&
    again npm --prefix "$bed" ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null || { rm -f "$bed/package-lock.json"; return 1; }
}

mkdir -p "$artifacts"
if [ $install = yes ]; then
  if ! command -v apt-get >/dev/null; then
    problem "no apt-get: install by hand what tests/run.sh names, then use --no-install"
  else
    wanted=()
    want() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ] || wanted+=("$1"); }
    for package in postfix sasl2-bin libsasl2-modules msmtp python3 python3-dkim php-cli chromium strace libsqlite3-0 ca-certificates openssl tinyproxy-bin microsocks swaks; do want "$package"; done
    # Libraries of the servers that are only unpacked.
    for package in libgnutls-dane0 libidn12 libnsl2 libdb5.3 libpcre2-8-0 libidn2-0 libevent-2.1-7 libpam0g libpq5; do want "$package"; done
    command -v node >/dev/null || want nodejs
    command -v npm >/dev/null || want npm
    command -v unshare >/dev/null || want util-linux
    # The page has a Chinese text; without a font its pictures show boxes.
    if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh file 2>/dev/null | head -n 1)" ]; then want fonts-wqy-microhei; fi
    if [ ${#wanted[@]} -gt 0 ]; then
      say "Installing ${wanted[*]}"
      apt_install "${wanted[@]}" || problem "apt-get could not install: ${wanted[*]}"
    fi
    unpack exim usr/sbin/exim4 exim4-daemon-light || problem "Exim could not be unpacked"
    unpack opensmtpd usr/sbin/smtpd opensmtpd || problem "OpenSMTPD could not be unpacked"
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || unpack postgresql usr/lib/postgresql/15/bin/initdb postgresql-15 || problem "PostgreSQL could not be unpacked"
    npm_packages || problem "npm could not install smtp-server and mailparser"
  fi
fi

# ---- build -------------------------------------------------------------------------------------------------------------------------------------------------
say "Building"
again dotnet restore MailPlugin.sln --verbosity quiet --disable-build-servers </dev/null || problem "the restore failed"
if ! dotnet build MailPlugin.sln --no-restore --verbosity quiet --disable-build-servers -nodeReuse:false </dev/null; then
  problem "the build failed"
  finish
fi

# ---- run ---------------------------------------------------------------------------------------------------------------------------------------------------
# Everything the tests start has its folder here; so it can be found afterwards.
run=$(mktemp -d "${TMPDIR:-/tmp}/mailplugin-tests-XXXXXX") && chmod 755 "$run" || exit 2

# The processes that work in that folder, are started from it or got it as their temporary folder.
ours() {
  local process pid words
  for process in /proc/[0-9]*; do
    pid=${process#/proc/}
    [ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] && continue
    words=$({ tr '\0' ' ' <"$process/cmdline"; tr '\0' ' ' <"$process/environ"; "${sudo[@]}" readlink "$process/cwd"; } 2>/dev/null)
    case $words in *"$run"*) echo "$pid" ;; esac
  done
}
cleanup() {
  [ -d "$run" ] || return
  local left=() pid end=$((SECONDS + 20))
  while mapfile -t left < <(ours); [ ${#left[@]} -gt 0 ] && [ $SECONDS -lt $end ]; do sleep 0.2; done
  if [ ${#left[@]} -gt 0 ]; then
    for pid in "${left[@]}"; do say "Left behind: $pid $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"; "${sudo[@]}" kill -KILL "$pid" 2>/dev/null; done
    problem "${#left[@]} processes of the tests were still running"
  else
    say "No process of the tests is left."
  fi
  "${sudo[@]}" rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

rm -rf "$artifacts/trx" && mkdir -p "$artifacts/trx"
counter() { sed -n "s/.*<Counters [^>]*\\b$2=\"\\([0-9]*\\)\".*/\\1/p" "$1" | head -n 1; }
for project in tests/*.Tests; do
  name=${project#tests/}
  report=$artifacts/trx/$name.trx
  say "Testing $name"
  TMPDIR=$run MAILPLUGIN_REQUIRE_SERVERS=1 timeout --kill-after=30 1500 \
    dotnet test "$project/bin/Debug/net10.0/$name.dll" "${filter[@]}" --logger "trx;LogFileName=$report" --logger "console;verbosity=minimal" </dev/null
  code=$?
  if [ ! -s "$report" ]; then
    # With a filter an assembly may have nothing to do.
    [ $code = 0 ] && [ ${#filter[@]} -gt 0 ] || { problem "$name wrote no report (code $code): it crashed or took too long"; failed=$((failed + 1)); }
    continue
  fi
  total=$(counter "$report" total) good=$(counter "$report" passed) executed=$(counter "$report" executed)
  bad=$((executed - good))

  # Real servers on a busy machine: a few failures get one second try, and are named when it succeeds.
  if [ "$bad" -gt 0 ] && [ "$bad" -le 3 ]; then
    names=$(grep -o '<UnitTestResult [^>]*outcome="Failed"' "$report" | sed -n 's/.*testName="\([^"(]*\).*/\1/p' | sort -u)
    TMPDIR=$run MAILPLUGIN_REQUIRE_SERVERS=1 timeout --kill-after=30 600 \
      dotnet test "$project/bin/Debug/net10.0/$name.dll" --filter "$(printf '%s\n' "$names" | sed 's/^/FullyQualifiedName~/' | paste -sd'|')" \
      --logger "trx;LogFileName=$report.again" </dev/null
    if [ $? = 0 ] && [ "$(counter "$report.again" passed)" -ge "$bad" ]; then
      printf 'PASSED ON THE SECOND TRY: %s\n' $names
      good=$executed code=0
    fi
  fi
  passed=$((passed + good)) failed=$((failed + executed - good)) skipped=$((skipped + total - executed))
  [ "$total" -gt 0 ] || [ ${#filter[@]} -gt 0 ] || problem "$name has no tests"
  [ $code = 0 ] || [ "$executed" != "$good" ] || problem "$name ended with code $code"
done

cleanup
trap - EXIT
finish
