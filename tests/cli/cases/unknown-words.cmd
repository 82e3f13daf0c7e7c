t rum
t frobnicate
t --store x run
t -v
t help rnu
t help frobnicate
t help run show
