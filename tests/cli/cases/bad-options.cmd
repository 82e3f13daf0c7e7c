t run --budget -5
t run --budget 4kfoo
t run --budget 10s\ garbage
t run --budget 18446744073709551616s
t run --budget 1ms
t run --budget
t run --seed -1
t run --format xml
t show last --format jsno
t run --budg 90s
t workloads --quite
t run --quiet=yes
t run --quiet --quiet
t run -q
t run quick full
t workloads int
