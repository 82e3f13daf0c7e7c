# An image whose agent ends at once: nothing can run with it, whatever measures.
need_root
need_image
cp -r build/image "$T/image"
cp /bin/false "$T/image/root/agent"
sha=$(sha256sum /bin/false | cut -d ' ' -f 1)
sed -i "s/^agent_sha256=.*/agent_sha256=$sha/" "$T/image/manifest"
common=(--store "$T/s.sqlite" --image "$T/image" --quiet)
t run smoke --on bare "${common[@]}"
t precision --budget 18s --trial 2s "${common[@]}"
t start --on bare "${common[@]}"
