"$TARE" workloads --format json >/dev/full
echo "exit $?"
"$TARE" --version >/dev/full
echo "exit $?"
"$TARE" help run | head -n 1
