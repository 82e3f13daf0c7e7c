#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the end-to-end tests of failures share. Sourced, with the tree's top as the working
# directory; sets $work (removed at the end), $store in it, $tare and the checks' counters.
# shellcheck disable=SC2034  # $status and $took_ms are for those who source this
passed=0 failed=0 skipped=0
tare=${TARE:-build/tare}
work=$(mktemp -d /var/tmp/tare-e2e-XXXXXX)
chmod 711 "$work" # a container's root, another user here, passes through to its file
store=$work/t.sqlite
declare -A running # tares of ours that nobody waited for yet
decoys=() # empty folders
at_exit() {
	for pid in "${!running[@]}"; do kill -KILL "$pid" 2>/dev/null; done
	[ ${#decoys[@]} -eq 0 ] || rmdir "${decoys[@]}"
	rm -rf "$work"
}
trap at_exit EXIT
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "not ok - $*"; }
skip() { skipped=$((skipped + 1)); echo "ok # SKIP $*"; }
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
check() { # WHAT COMMAND…
	local what=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		pass
	else
		fail "$what"
		tail -n 5 "$work/out" | sed 's/^/    /'
	fi
}
equal() { # WHAT GOT WANT
	if [ "$2" = "$3" ]; then pass; else fail "$1: $2, not $3"; fi
}
says() { # WHAT FILE PATTERN: one line, and that one
	if [ "$(wc -l <"$2")" -eq 1 ] && grep -qE -- "$3" "$2"; then
		pass
	else
		fail "$1: does not say '$3' in one line"
		head -n 3 "$2" | sed 's/^/    /'
	fi
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }
query() { sqlite3 -readonly "$store" "$1" 2>/dev/null; }
blocks() { query 'SELECT count(*) FROM block' || echo 0; }
wait_until() { # SECONDS COMMAND…
	local until=$(($(now_ms) + $1 * 1000))
	shift
	while ! "$@"; do
		[ "$(now_ms)" -lt $until ] || return 1
		sleep 0.05
	done
}
has_blocks() { [ "$(blocks)" -ge "$1" ] 2>/dev/null; }

# A tare in the background whose process group is its own, as behind a terminal; bash has
# background jobs ignore Ctrl-C, env takes that back. Sets $pid.
launch() { # ARGUMENT…
	setsid env --default-signal=INT "$tare" "$@" >"$work/run.out" 2>"$work/run.err" &
	pid=$!
	running[$pid]=yes
}
# Its exit status in $status, and in $took_ms how long it still went on.
await() {
	local begin
	begin=$(now_ms)
	wait "$pid"
	status=$?
	took_ms=$(($(now_ms) - begin))
	unset "running[$pid]"
}

# Everything on this host that names the owner tare-PID-….
leftovers() { # PID
	find /sys/fs/cgroup /run/tare /var/lib/lxc /run/libvirt /var/cache/tare "$work" \
		-name "*tare-$1-*" 2>/dev/null
	# not the pattern's own process
	grep -e "[t]are-$1-" /proc/self/mountinfo
	grep -lae "[t]are-$1-" /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null
}
clean_of() { # PID: nothing is left of it, or is about to go
	[ -z "$(leftovers "$1")" ]
}
nothing_left() { # WHAT PID
	if wait_until 2 clean_of "$2"; then
		pass
	else
		fail "$1: leaves something"
		leftovers "$2" | head -n 5 | sed 's/^/    /'
	fi
}

# One tare measures at a time on a host. Where somebody else's does, these wait for a turn.
busy='another tare is measuring'
take_turn() {
	if ! wait_until "${PATIENCE:-120}" "$tare" clean --quiet >/dev/null 2>"$work/turn"; then
		skip "no turn on this host: $(cat "$work/turn")"
		finish
	fi
}
with_turn() { # COMMAND…: with the command's status and words
	local status
	while true; do
		"$@" >"$work/turn.out" 2>&1
		status=$?
		grep -q "$busy" "$work/turn.out" || break
		take_turn
	done
	cat "$work/turn.out"
	return $status
}
has_turn() {
	[ -n "$(compgen -G "/run/tare/tare-$pid-*")" ] || ! kill -0 "$pid" 2>/dev/null
}
launch_in_turn() { # ARGUMENT…
	local until=$(($(now_ms) + ${PATIENCE:-120} * 1000))
	while [ "$(now_ms)" -lt $until ]; do
		launch "$@"
		wait_until 10 has_turn
		grep -q "$busy" "$work/run.err" || break
		await
		sleep 0.2
	done
}
