t
t --help
t -h | head -n 1
t help | tail -n 1
t --version
t help --help | head -n 1
