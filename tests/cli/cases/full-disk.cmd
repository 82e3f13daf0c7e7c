"$TARE" workloads --format json >/dev/full
echo "exit $?"
"$TARE" --version >/dev/full
echo "exit $?"
"$TARE" help run | head -n 1
need_root
need_image
mkdir "$T/room"
(ulimit -f 1024; t run smoke --store "$T/room/s.sqlite" --scratch "$T/made/here" --quiet)
ls "$T"
