need_root
good='description: d
budget: 9m
workloads: [int]'
try() { suite; t run s --config "$T/c" --store "$T/s.sqlite"; }
try <<<"$good
budgte: 3m"
try <<<"$good
budget: 3m"
try <<<"${good/9m/-5}"
try <<<"${good/9m/9 m}"
try <<<"${good/int/itn}"
try <<<"$good
precision: 0.01"
try <<<"$good
disk: {size: 1G}"
try <<<"$good
emulation: maybe"
try <<<"$good
seed: &a 1"
try <<<"$good
---
$good"
try <<<"description: [
"
try </dev/null
printf 'description: \xff\n' | try
t run quikc --config "$T/c"
t run nothing.yaml --config "$T/c"
t run /tmp --config "$T/c"
t run /tmp/ --config "$T/c"
t run quick --config "$T/none"
ls "$T"
