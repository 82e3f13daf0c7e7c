# A database of tare of another version: header of an empty SQLite file, user_version 99.
{
	printf 'SQLite format 3\0\x10\0\1\1\0\x40\x20\x20\0\0\0\1\0\0\0\1'
	printf '\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\x63\0\0\0\0tare'
	head -c 20 /dev/zero
	printf '\0\0\0\1\0\x2e\x76\x39\x0d\0\0\0\0\x10\0\0'
} >"$T/other.sqlite"
truncate -s 4096 "$T/other.sqlite"
echo "this is no database, but long enough to be one" >"$T/junk.sqlite"
t show last --store "$T/other.sqlite"
t show last --store "$T/junk.sqlite"
t show last --store "$T/none.sqlite"
ls "$T"
