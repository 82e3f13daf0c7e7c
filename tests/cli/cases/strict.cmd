need_root
need_image
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
# Whatever this host has to be mended is what --strict lists, and nothing is left of a refusal.
found=$("$TARE" doctor --on bare --format json --quiet | jq -r '.noise[] | select(.mends) | .what' | sort)
[ -n "$found" ] || { echo "SKIP nothing to mend on this host"; exit; }
t run smoke --strict --store "$T/s.sqlite" >"$T/said"
sed -n 's/^  \(.*\) (.*): .*$/\1/p' "$T/said" | sort | grep -vx 'other load' >"$T/listed"
grep -vx 'other load' <<<"$found" | diff - "$T/listed" && echo same
sed '/^  /d' "$T/said"
rm "$T/said" "$T/listed"
ls "$T"
# Whatever measures refuses, each before it makes anything.
for command in start density neighbours memcg precision; do
	t $command --strict --store "$T/s.sqlite" | sed '/^  /d'
done
ls "$T"
