try() {
	mkdir -p "$T/c/platforms"
	cat >"$T/c/platforms/p.yaml"
	t platforms --config "$T/c"
}
try <<<"driver: kvn"
try <<<"driver: docker"
try <<<"settings: {}"
try <<<"driver: kvm
settings:
  cahce: none"
try <<<"driver: kvm
settings:
  cache: nnoe"
try <<<"driver: kvm
setting: {}"
try <<<"driver: bare
driver: kvm"
mv "$T/c/platforms/p.yaml" "$T/c/platforms/p p.yaml"
t platforms --config "$T/c"
rm "$T/c/platforms/p p.yaml"
t platforms --config "$T/c"
rmdir "$T/c/platforms"
t platforms --config "$T/c"
