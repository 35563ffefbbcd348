#!/usr/bin/env bash
# Holds what a real engine answers against its /openapi.json by schemathesis from PyPI, which nobody here wrote: made-up
# requests of every documented route, good and bad, over a base that the simulated 1C has. Installed into target/schemathesis.
# Prints its summary and, last, 'PASSED' or 'FAILED'; where PyPI cannot be reached, says SKIPPED and fails nothing.
# SVERKA=PATH takes another binary than target/debug/sverka, EXAMPLES=N asks each route so often.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

venv=target/schemathesis
sverka=${SVERKA:-target/debug/sverka}
work=$(mktemp -d)
simulator= engine=

finish() {
    [[ -z $engine ]] || kill "$engine" 2>/dev/null
    [[ -z $simulator ]] || kill "$simulator" 2>/dev/null
    wait
    rm -rf "$work"
}
trap finish EXIT

skip() {
    printf 'SKIPPED: %s\n' "$*"
    exit 0
}

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

# The first of a file that looks so, once it is there.
told() {
    for _ in {1..300}; do
        grep -m 1 -o "$2" "$1" 2>/dev/null | head -n 1 | grep . && return
        sleep 0.1
    done
    fail "$1 does not say $2: $(cat "$1")"
}

if ! cmp -s tests/clients/engine-requirements.txt "$venv/installed"; then
    command -v python3 >/dev/null || skip 'python3 is not installed'
    python3 -m venv "$venv" || skip 'python3 cannot make a virtual environment'
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/clients/engine-requirements.txt \
        2>"$work/pip" || skip "schemathesis cannot be fetched from PyPI: $(tail -n 1 "$work/pip")"
    cp tests/clients/engine-requirements.txt "$venv/installed"
fi
if [[ -z ${SVERKA:-} ]]; then
    cargo build --quiet --locked --bin sverka || fail 'sverka cannot be built'
fi

"$sverka" simulate --seed 7 --customers 60 --now 2026-02-04 >"$work/announced" &
simulator=$!
told "$work/announced" '"password"' >/dev/null || exit 1
part() { grep -o "\"$1\":\"[^\"]*\"" "$work/announced" | cut -d '"' -f 4; }
token=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
printf '%s\n' "$token" >"$work/token"
chmod 600 "$work/token"
cat >"$work/config.toml" <<TOML
[onec]
url = "$(part url)"
user = "$(part user)"
password = "$(part password)"
[engine]
listen = "127.0.0.1:0"
token_file = "$work/token"
TOML
chmod 600 "$work/config.toml"
options=(--config "$work/config.toml" --store "$work/store/sverka.redb")
"$sverka" "${options[@]}" sync --no-engine >"$work/synced" 2>&1 || fail "the first sync: $(tail -n 3 "$work/synced")"
LANG=en_US.UTF-8 "$sverka" "${options[@]}" engine >/dev/null 2>"$work/engine" &
engine=$!
address=$(told "$work/engine" 'http://[0-9.:]*[0-9]') || exit 1

# What never ends, and what ends the engine, has tests of its own. A method that a route does not take is answered with 405
# by all of them, which the check of unsupported methods holds.
"$venv/bin/schemathesis" --config-file tests/clients/engine.toml run "$address/openapi.json" --header "Authorization: Bearer $token" \
    --exclude-path /api/v1/events --exclude-path /api/v1/engine/restart --exclude-path-regex '^/api/v1/house/' \
    --exclude-path /api/v1/ask --max-examples "${EXAMPLES:-20}" --seed 7 --request-timeout 20 --workers 1 \
    --generation-deterministic --no-color >"$work/said" 2>&1
code=$?
rm -rf .schemathesis
cat "$work/said"
kill -0 "$engine" || fail 'the engine ended'
((code == 0)) && printf 'PASSED\n' || fail "schemathesis ended with $code"
