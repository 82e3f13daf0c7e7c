# A claim about behaviour gets its verdict from what tare memcg found in the committed run.
command -v jq >/dev/null || { echo "SKIP needs jq"; exit; }
"$TARE" claims --store results/reference/tare.sqlite --format json |
	jq -c '.claims[] | select(.id == "talk-memcg-lru") | [.id, .verdict]'
