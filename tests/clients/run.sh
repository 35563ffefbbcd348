#!/usr/bin/env bash
# Runs clients of 1C from PyPI against `sverka simulate`: what they are answered is what a real base answers.
# They are installed into target/clients. Prints what each checked and, last, 'N passed, N failed'; where PyPI cannot be
# reached, says SKIPPED and ends with 77, as nothing was seen to work. SVERKA=PATH takes another binary than target/debug/sverka.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

venv=target/clients
python=$venv/bin/python
sverka=${SVERKA:-target/debug/sverka}
work=$(mktemp -d)
simulator=

finish() {
    [[ -z $simulator ]] || kill "$simulator" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

skip() {
    printf 'SKIPPED: %s\n0 passed, 0 failed\n' "$*"
    exit 77
}

fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

if ! "$python" -m pip check >/dev/null 2>&1 || ! cmp -s tests/clients/requirements.txt "$venv/installed"; then
    command -v python3 >/dev/null || skip 'python3 is not installed'
    python3 -m venv "$venv" || skip 'python3 cannot make a virtual environment'
    "$python" -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt 2>"$work/pip" ||
        skip "the clients cannot be fetched from PyPI: $(tail -n 1 "$work/pip")"
    cp tests/clients/requirements.txt "$venv/installed"
fi

if [[ -z ${SVERKA:-} ]]; then
    cargo build --quiet --locked --bin sverka || fail 'sverka cannot be built'
fi

"$sverka" simulate --seed 7 --customers 60 --now 2026-02-04 >"$work/announced" &
simulator=$!
for _ in {1..100}; do
    [[ -s $work/announced ]] && break
    sleep 0.1
done
[[ -s $work/announced ]] || fail 'the simulated 1C did not announce itself'

passed=0 failed=0
for client in tests/clients/with_*.py; do
    printf '==> %s\n' "$(basename "$client" .py)"
    "$python" "$client" "$work/announced" >"$work/said" 2>&1
    code=$?
    grep -E '^(ok|FAILED) ' "$work/said"
    passed=$((passed + $(grep -c '^ok ' "$work/said")))
    failed=$((failed + $(grep -c '^FAILED ' "$work/said")))
    if ((code > 1)); then
        failed=$((failed + 1))
        printf 'FAILED %s ended with %s:\n' "$client" "$code"
        tail -n 15 "$work/said"
    fi
done
printf '%s passed, %s failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
