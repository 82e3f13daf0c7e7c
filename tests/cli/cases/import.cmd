# Another host's store into ours: once, again, of version 2, and files that are no store.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
cd "$T" || exit
"$make" theirs.sqlite
# a small one, for all that has to be refused
sqlite3 theirs.sqlite "DELETE FROM sample WHERE block IN (SELECT id FROM block WHERE epoch > 60);
	DELETE FROM block WHERE epoch > 60; INSERT INTO environment VALUES (1, 'host.name', 'h1', 't');
	INSERT INTO experiment VALUES (5, 1, 'memcg', 'x', '', '', 0, 'holds', 'a', 'p', '{}', 1, 2);
	INSERT INTO series VALUES (5, 's', 0, 1, 2, NULL, NULL); VACUUM"
cp theirs.sqlite ours.sqlite
sqlite3 ours.sqlite "UPDATE environment SET value = 'h2' WHERE name = 'host.name'"
echo "--- twice"
t import theirs.sqlite --store ours.sqlite --quiet
t import theirs.sqlite --store ours.sqlite --quiet --format csv
sqlite3 ours.sqlite "PRAGMA integrity_check; PRAGMA foreign_key_check; SELECT run, count(*) FROM cell
	GROUP BY run; SELECT c.run, count(*), round(sum(value)), count(DISTINCT arm) FROM sample s JOIN
	block b ON b.id = s.block JOIN cell c ON c.id = b.cell GROUP BY 1; SELECT e.run, s.y FROM
	experiment e JOIN series s ON s.experiment = e.id; SELECT run, count(*) FROM instance GROUP BY 1"
"$TARE" show 1 --store ours.sqlite >1 && "$TARE" show 2 --store ours.sqlite >2
diff <(sed 1d 1) <(sed 1d 2) && echo "the same ratios"
echo "--- version 2"
cp theirs.sqlite old.sqlite
sqlite3 old.sqlite "DROP TABLE series; DROP TABLE experiment; PRAGMA user_version = 2;
	UPDATE run SET status = 'running', ended_utc = NULL"
t show --store old.sqlite
t import old.sqlite --store new.sqlite
"$TARE" show --store new.sqlite --format csv >3; diff <("$TARE" show 1 --store ours.sqlite --format csv) 3 && echo "the same ratios"
sqlite3 new.sqlite "PRAGMA user_version; SELECT status FROM run"
echo "--- not a store"
t import ours.sqlite --store ours.sqlite
t import none.sqlite --store ours.sqlite
echo hello >text; t import text --store bad.sqlite
sqlite3 other.sqlite "CREATE TABLE t (x)"; t import other.sqlite --store bad.sqlite
refuse() { # SQL
	cp theirs.sqlite bad
	sqlite3 bad "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; $1"
	t import bad --store bad.sqlite --quiet
}
refuse "PRAGMA user_version = 1"
refuse "PRAGMA user_version = 4"
refuse "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END"
refuse "ALTER TABLE run RENAME TO r; CREATE VIEW run AS SELECT * FROM r"
refuse "CREATE TABLE more (x)"
refuse "CREATE VIRTUAL TABLE v USING fts5(x)"
refuse "CREATE INDEX i ON run (abs(id))"
refuse "ALTER TABLE run ADD COLUMN g TEXT AS (suite)"
refuse "UPDATE sample SET arm = 99999 WHERE id = 1"
refuse "UPDATE sample SET arm = (SELECT max(id) FROM arm) WHERE id = 1"
refuse "UPDATE arm SET platform = 77 WHERE id = 1"
refuse "UPDATE run SET command = CAST(x'61c328' AS TEXT)"
refuse "UPDATE run SET command = CAST(x'61edA080' AS TEXT)"
refuse "UPDATE run SET command = CAST(x'610062' AS TEXT)"
refuse "UPDATE run SET suite_text = x'00'"
refuse "UPDATE run SET suite_text = zeroblob(9000000)"
refuse "UPDATE run SET seed = 'many'"
refuse "UPDATE cell SET parameters = '{' WHERE id = 1"
refuse "UPDATE sample SET value = 9e999 WHERE id = 1"
refuse "UPDATE sample SET value = 'fast' WHERE id = 1"
refuse "UPDATE sample SET outcome = 'fine' WHERE id = 1"
refuse "UPDATE sample SET value = NULL WHERE id = 1"
cp theirs.sqlite bad
dd if=/dev/zero of=bad bs=4096 seek=9 count=2 conv=notrunc status=none
t import bad --store bad.sqlite --quiet
sqlite3 bad.sqlite "SELECT count(*) FROM run"
