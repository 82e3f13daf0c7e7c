# What one I/O costs, from the emulated machine of scripts/lab: counts, no times; and no
# line too wide for a terminal of 100 columns.
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
t show last --store results/reference/lab.sqlite | sed -n '/What one I\/O/,$p' | sed 's/ *$//'
t show last --store results/reference/lab.sqlite --format json | sed '$d' |
	jq -c '.cost_per_io[0] | keys_unsorted, .cpu_us'
"$TARE" show last --store results/reference/lab.sqlite | LC_ALL=C.UTF-8 grep -E '^.{101}'
