# What the truth checks found, of a made-up run: a cache, no counters, disturbed blocks.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
"$make" "$T/made.sqlite"
of() { # LABEL PLATFORM PATH: its samples
	echo "arm IN (SELECT a.id FROM arm a JOIN cell c ON a.cell = c.id JOIN platform p
		ON p.id = a.platform WHERE c.label = '$1' AND p.name = '$2' AND p.path = '$3' AND role = 'platform')"
}
sqlite3 "$T/made.sqlite" "
	UPDATE sample SET outcome = 'cached', reason = 'made up', host_read_bytes = fio_read_bytes / 4
		WHERE $(of seqread kvm virtfs);
	UPDATE sample SET outcome = 'cached', reason = 'made up', host_write_bytes = NULL
		WHERE $(of randwrite-qd32 kvm virtfs);
	UPDATE sample SET host_read_bytes = NULL WHERE outcome = 'ok' AND $(of seqread lxc bind);
	UPDATE block SET disturbed = 'steal 9.0 %, load 7.0' WHERE id % 100 = 0"
"$TARE" show --store "$T/made.sqlite" >"$T/text"
sed -n '/^Served from/,$p' "$T/text"
grep -A 9 '^seqread:' "$T/text" | grep 'kvm:virtfs'
grep -c 'cached: made up' "$T/text"
"$TARE" show --store "$T/made.sqlite" --format json | jq -c '.ratios[] |
	select(.label == "seqread" and .path == "virtfs") |
	[.ratio, .value, (.cached.ratio > 0), (.cached.value > 0), .outcomes.ok, .outcomes.cached > 0]'
"$TARE" show --store "$T/made.sqlite" --format json | jq '[.ratios[].blocks_disturbed] | add > 0'
"$TARE" show --store "$T/made.sqlite" --format csv | grep -E '^1,seqread,.*,virtfs,' | cut -d , -f 12-14
