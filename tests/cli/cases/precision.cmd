# What it says of itself, and what it refuses.
t precision --help | sed -n '1,/^Options/p'
t precision --trial 1s
t precision --trial 5
t precision here
need_root
t precision --budget 20s --store "$T/p.sqlite" --quiet
ls "$T"
