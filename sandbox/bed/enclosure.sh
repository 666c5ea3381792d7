# First process of a bed's namespaces. What the bed's programs insist on writing outside their own folders lands here,
# and is gone with the namespace. $1: the bed's folder.
set -e
trap 'exit 0' TERM
for directory in /run /var/lib /var/log; do
  mount -t tmpfs tmpfs "$directory"
done
# The kubelet writes these settings of the whole machine unless it finds the values it wants.
while read -r setting value; do
  mkdir -p "$1/sys/${setting%/*}"
  echo "$value" >"$1/sys/$setting"
  mount --bind "$1/sys/$setting" "/proc/sys/$setting"
done <<SETTINGS
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
SETTINGS
ip link set lo up
echo ready
# Waiting reaps the processes that containerd's shims leave to the first process.
while :; do
  sleep 3600 &
  wait $!
done
