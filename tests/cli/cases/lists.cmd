t workloads
t workloads --format csv | head -n 1
t workloads --format json | head -n 3
t platforms
t platforms --format csv | head -n 2
t platforms --format json | head -n 4
