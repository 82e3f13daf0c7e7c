need_root
need_image
t run smoke --store "$T/s.sqlite" --on bare,kvn
t run smoke --store "$T/s.sqlite" --on docker
t run smoke --store "$T/s.sqlite" --on kvm:virt
t run smoke --store "$T/s.sqlite" --on bare,,lxc
ls "$T"
