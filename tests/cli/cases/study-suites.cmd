# whose suite it is, and that all of what comes with the program can be read
need_root
t start nosuch
t start configs/suites/quick.yaml
t density configs/suites/start.yaml
t run configs/suites/neighbours.yaml
t neighbours neighbours --on ber
t density density density
suite <<<'study: density
description: d
budget: 9m
memory: 512MiB
windws: 3'
t density s --config "$T/c" --store "$T/s.sqlite"
suite <<<'study: weather
description: d'
t start s --config "$T/c" --store "$T/s.sqlite"
ls "$T"
