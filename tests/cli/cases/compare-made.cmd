# Two made-up runs that are the same, then one slowed down by hand: text, JSON, CSV, gate.
make=$(dirname "$TARE")/tests/make-fixture-store
[ -x "$make" ] || { echo "SKIP needs $make: run 'make tests'"; exit; }
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
cd "$T" || exit
"$make" m.sqlite && "$make" m.sqlite
t compare last~1 last --store m.sqlite --fail-on 3% | grep -vE '^ *(null|[a-z0-9-]+( [0-9a-z]+)?) +(bare|cgroup|lxc|kvm)'
cp m.sqlite slow.sqlite
sqlite3 slow.sqlite "UPDATE sample SET value = value * 1.05 WHERE arm IN (SELECT a.id FROM
	arm a JOIN cell c ON c.id = a.cell JOIN platform p ON p.id = a.platform WHERE
	c.run = 2 AND c.label = 'int' AND p.name = 'lxc' AND a.role = 'platform');
	UPDATE arm SET injected = 0.05 WHERE role = 'platform' AND cell IN (SELECT id FROM
	cell WHERE run = 2 AND label = 'int') AND platform IN (SELECT id FROM platform WHERE name = 'lxc');
	UPDATE environment SET value = 'Linux 2' WHERE run = 2 AND name = 'kernel';
	DELETE FROM sample WHERE block IN (SELECT id FROM block WHERE cell IN (SELECT id FROM cell
	WHERE run = 2 AND label = 'fork')); DELETE FROM block WHERE cell IN (SELECT id FROM cell WHERE
	run = 2 AND label = 'fork'); DELETE FROM arm WHERE cell IN (SELECT id FROM cell WHERE run = 2
	AND label = 'fork'); DELETE FROM cell WHERE run = 2 AND label = 'fork'"
t compare m.sqlite:1 slow.sqlite:2 --fail-on 2% >text
grep -E '^(what|kernel|platform:|int  .*lxc|  fork|[0-9]+ reg|tare|exit)' text
"$TARE" compare 1 2 --store slow.sqlite --fail-on 4% --format json >json
echo "exit $?"
jq -c '[.compared, .regressions, .improvements, .fail_on, (.not_compared | length)]' json
jq -c '.cells[] | select(.mark == "regression") | [.label, .platform, .change, .b.injected, .says]' json
jq -r '.cells[0] | keys_unsorted | join(" ")' json
jq -c '.baselines[0] | [.label, .platform, .change, .paired_in_time]' json
"$TARE" compare 2 1 --store slow.sqlite --format csv >csv
head -n 1 csv
awk -F, '{ print NF }' csv | sort | uniq -c | sed 's/^ *[0-9]* //'
grep -c ',improvement,' csv
sqlite3 slow.sqlite "UPDATE cell SET label = label || ' B' WHERE run = 2"
"$TARE" compare 1 2 --store slow.sqlite --fail-on 3% >/dev/null 2>err; echo "exit $?"; cat err
t compare 1 --store m.sqlite
t compare 1 2 --store m.sqlite --fail-on 3
t compare 1 m.sqlite:9 --store m.sqlite
# A store from elsewhere is what importing it gives: an older one is, a strange one is not.
cp m.sqlite bad.sqlite
sqlite3 bad.sqlite "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END"
t compare 1 bad.sqlite:1 --store m.sqlite
cp m.sqlite bad.sqlite
sqlite3 bad.sqlite "PRAGMA ignore_check_constraints = ON; UPDATE sample SET outcome = 'fine' WHERE id = 1"
t compare 1 bad.sqlite:1 --store m.sqlite
cp m.sqlite old.sqlite
sqlite3 old.sqlite "DROP TABLE series; DROP TABLE experiment; PRAGMA user_version = 2"
"$TARE" compare 1 old.sqlite:1 --store m.sqlite | tail -n 2
