# every command explains itself, and every option it takes is in the man page
for command in doctor run show report clean platforms workloads; do
	text=$("$TARE" help "$command") || echo "help $command: exit $?"
	[ "$text" = "$("$TARE" "$command" --help)" ] || echo "$command --help differs"
	[ "$text" = "$("$TARE" "$command" --nonsense -h)" ] || echo "$command -h differs"
	head -n 1 <<<"$text"
	grep -q -- '-h, --help' <<<"$text" || echo "$command: no --help"
	awk 'length($0) > 90' <<<"$text"
	grep -qE "^\.BR? \"?$command\"?( |$)" docs/tare.1 || echo "$command is not in the man page"
	for option in $(grep -oE '^  --[a-z]+' <<<"$text"); do
		grep -qF -- ".B \\-\\-${option#--}" docs/tare.1 ||
			echo "$option is not in the man page"
	done
done
