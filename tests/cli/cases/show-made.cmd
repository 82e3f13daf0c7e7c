# What show prints of a made-up run: text, its width, JSON, CSV, samples, the list of runs.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
"$make" "$T/made.sqlite"
t show --store "$T/made.sqlite" >"$T/text"
sed -n '1,9p' "$T/text"
sed -n '/^randwrite-qd32:/,/ aa /p' "$T/text"
sed -n '/^From open/,/^$/p' "$T/text"
sed -n '/^Could not/,$p' "$T/text" | grep -v 'made-up suspicion'
# Bytes: '±' has two.
sed '/^From open/,$d' "$T/text" | awk 'length($0) > 100 { print "too wide: " $0 }'
"$TARE" show last --store "$T/made.sqlite" --format json >"$T/json"
jq -r 'keys_unsorted | join(" ")' "$T/json"
jq -r '.ratios[0] | keys_unsorted | join(" ")' "$T/json"
jq -c '.ratios[] | select(.label == "randwrite-qd32" and .path == "ide") |
	[.ratio, .low, .value, .emulated, .blocks, .blocks_left_out, .outcomes.failed, .verdict]' "$T/json"
jq -r '[.ratios[].role] | unique | join(" ")' "$T/json"
jq -c '.starts[] | select(.platform == "kvm")' "$T/json"
"$TARE" show 1 --store "$T/made.sqlite" --format csv >"$T/csv"
head -n 1 "$T/csv"
"$TARE" show 1 --store "$T/made.sqlite" --samples --format csv >"$T/samples"
head -n 1 "$T/samples" | tr , '\n' | sort | uniq -d
t show all --store "$T/made.sqlite"
t show 7 --store "$T/made.sqlite"
t show quick --store "$T/made.sqlite"
ls "$T"
