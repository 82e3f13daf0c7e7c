# A run that has findings and no ratio: its curves as text, everything as CSV.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
command -v sqlite3 >/dev/null || { echo "SKIP needs sqlite3"; exit; }
"$make" "$T/made.sqlite"
sqlite3 "$T/made.sqlite" <<'SQL'
CREATE TEMP TABLE copy AS SELECT * FROM run WHERE id = 1;
UPDATE copy SET id = 2, suite = 'density';
INSERT INTO run SELECT * FROM copy;
INSERT INTO experiment VALUES
	(1, 2, 'density', 'int', 'kvm', '', 1, 'holds', 'two, "side by side"', 'how',
	'{}', 0, 1),
	(2, 2, 'memcg', 'oom', '', 'cgroup v1', 0, 'does not hold', 'none', 'how', '{}', 0, 1),
	(3, 2, 'memcg', 'long', '', 'cgroup v1', 0, 'holds', 'many', 'how', '{}', 0, 1);
INSERT INTO series VALUES (1, 'total_per_s', 0, 1, 12.5, 12, 13),
	(1, 'total_per_s', 1, 2, 24.123456, NULL, NULL);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 16)
	INSERT INTO series SELECT 3, 'long', i, i, i, NULL, NULL FROM n;
SQL
t show 2 --store "$T/made.sqlite"
"$TARE" show 2 --store "$T/made.sqlite" --format csv | head -n 5
"$TARE" show all --store "$T/made.sqlite" --format json | grep '"run"'
