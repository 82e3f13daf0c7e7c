t_nobody run quick
t_nobody doctor
t_nobody clean
t_nobody run --budget -5
t_nobody workloads | tail -n 1
