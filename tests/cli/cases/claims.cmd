# Published numbers against a made-up run; a claims file that is wrong; no evidence.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
"$make" "$T/made.sqlite"
t claims --store "$T/made.sqlite" >"$T/text"
grep -E '^(talk-lxc-cpu-io|talk-virtfs|order-ide-depth|talk-memcg-lru|ibm-tcp-rr) ' "$T/text" |
	sed 's/   */ | /g'
sed -n '/^$/,$p' "$T/text"
"$TARE" claims last --store "$T/made.sqlite" --format json >"$T/json"
jq -r '.claims[0] | keys_unsorted | join(" ")' "$T/json"
jq -r '.claims[0].readings[0] | keys_unsorted | join(" ")' "$T/json"
jq -c '.claims[] | select(.id == "talk-lxc-cpu-io").readings[] | select(.cell == "syscall") |
	[.verdict, .platform, .emulated, (.ratio * 10 | round)]' "$T/json"
jq '.claims | length' "$T/json"
"$TARE" claims --store "$T/made.sqlite" --format csv >"$T/csv"
head -n 1 "$T/csv"
mkdir -p "$T/c/claims"
printf 'claims:\n  - id: x\n    kind: tim\n' >"$T/c/claims/a.yaml"
t claims --config "$T/c" --store "$T/made.sqlite"
t claims 7 --store "$T/made.sqlite"
t claims --store "$T/none.sqlite"
