# SPDX-License-Identifier: GPL-3.0-or-later
# The tables of scripts/memcg-off from its boots. An interval is the range over boots; that
# of a difference reaches from the least to the greatest that any two boots make.
def to($places): . * $places | round | if . == 0 then 0 else . / $places end;
def digits: to(if fabs < 100 then 100 elif fabs < 1000 then 10 else 1 end) | tostring;
def signed: if . > 0 then "+" + digits else digits end;
def over: {least: min, mean: (add / length), most: max};
def cell: if . == null then "-"
	else "\(.mean | digits) [\(.least | digits), \(.most | digits)]" end;
def minus($a): if . == null or $a == null then null else
	{least: (.least - $a.most), mean: (.mean - $a.mean), most: (.most - $a.least)} end;
def is_control: .workload == "syscall" or .workload == "int";
def difference($from; $floor): minus($from) as $d | if $d == null then "-" else
	"\($d.mean | signed) [\($d.least | signed), \($d.most | signed)], " +
	"\(100 * $d.mean / $from.mean | signed) %" +
	(if $d.least <= 0 and $d.most >= 0 then ", within the spread"
	 elif 100 * $d.mean / $from.mean | fabs < $floor then ", not beyond the controls"
	 else "" end) end;
def row: "| " + join(" | ") + " |";
# The greatest distance of any boot's count from the mean of all, in percent.
def apart: (add / length) as $m | map(. - $m | fabs) | max / $m * 100;

. as $all
| [.boots[] | . as $b | .counts[] | . + {memcg: $b.memcg}]
| group_by(.workload)
| (["fault-4k", "fault-thp", "tmpfs-write", "cache-fill 4MiB", "open-close", "pipe", "eventfd",
	"socketpair", "fork", "tcp", "syscall", "int"]) as $order
| sort_by(.[0].workload as $w | $order | index($w) // 99)
| map({workload: .[0].workload, all: map(.instructions_per_operation),
	by: (group_by([.memcg, .group]) | map({key: "\(.[0].memcg) \(.[0].group)",
		value: (map(.instructions_per_operation) | over)}) | from_entries)})
| . as $rows
| ([.[] | select(is_control) | .all | apart] | max) as $floor
| "# The memory controller on, without kernel memory, off: instructions per operation",
  "",
  "\($all.command), \($all.date_utc); \($all.qemu), emulated; cgroup \($all.cgroup);",
  "kernel \($all.boots[0].kernel). Boots: " + ($all.boots | group_by(.memcg)
	| map("\(length) \(.[0].memcg)") | join(", ")) + ". Mean [least, most] over boots.",
  "Instructions, not time: a cache miss and an atomic operation count as one.",
  "",
  (["Workload", "off, root", "nokmem, root", "nokmem, group", "on, root", "on, group"] | row),
  (["---", "---", "---", "---", "---", "---"] | row),
  ($rows[] | .by as $by | [.workload, ($by["off root"] | cell), ($by["nokmem root"] | cell),
	($by["nokmem child"] | cell), ($by["on root"] | cell), ($by["on child"] | cell)] | row),
  "",
  "Differences:",
  "",
  (["Workload", "off → on, root", "on: root → group", "off → on, group",
	"group: on → nokmem"] | row),
  (["---", "---", "---", "---", "---"] | row),
  ($rows[] | .by as $by | [.workload,
	($by["off root"] as $from | $by["on root"] | difference($from; $floor)),
	($by["on root"] as $from | $by["on child"] | difference($from; $floor)),
	($by["off root"] as $from | $by["on child"] | difference($from; $floor)),
	($by["on child"] as $from | $by["nokmem child"] | difference($from; $floor))] | row),
  "",
  "Controls, which charge nothing: " + ([$rows[] | select(is_control)
	| "\(.workload) is within \(.all | apart | digits) % over all boots and groups"] | join("; ")) + ".",
  "",
  "Read back, one line a kernel:",
  "",
  ($all.boots | group_by(.memcg)[] | "- \(.[0].memcg): `\(.[0].command_line | gsub("^ +| +$"; ""))`; log: "
	+ (.[0].log | gsub("\n"; "; ")) + "; "
	+ ([.[].kernel_bytes_charged_for_200_pipes | if . == null then "no group of the controller"
		else "a group is charged \(.) bytes of kernel memory for 200 pipes" end]
		| unique | join("; ")) + ".")
