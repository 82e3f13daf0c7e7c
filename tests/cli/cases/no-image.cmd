need_root
t run smoke --store "$T/s.sqlite" --image "$T/none"
t doctor --image "$T/none" --quiet
ls "$T"
