need_root
"$TARE" memcg no-such --store "$T/s.sqlite"
echo "exit $?"
"$TARE" memcg object-byte --store "$T/s.sqlite"
echo "exit $?"
"$TARE" memcg --only nothing
echo "exit $?"
"$TARE" memcg --help | head -n 1
ls "$T"
