# What it says of itself, and what it refuses.
t precision --help
t precision --trial 1s
t precision --trial 5
t precision here
need_root
need_image
t precision --budget 20s --store "$T/p.sqlite" --quiet
