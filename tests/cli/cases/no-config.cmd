# a program on its own has no configurations beside it
t_nobody platforms
