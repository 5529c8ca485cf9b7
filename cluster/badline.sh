# A bad line over TUN devices in network namespaces (cluster/line.c), for the drills. Sourced after drills/lib.sh. It
# needs root, for the namespaces, and a C compiler: the Swift toolchain brings one.

far=esep-far-$$
near=esep-near-$$
far_address=10.77.0.2
line_pid=''

# bad_line BITS-A-SECOND DELAY-MS LOSS-PER-MILLE SEED: from the namespace $near to the namespace $far.
bad_line() {
    local compiler
    compiler=$(command -v clang || command -v cc) || { say "no C compiler (clang, cc)"; exit 69; }
    if [ "$(id -u)" != 0 ]; then
        say "network namespaces need root: run this drill as root"
        exit 69
    fi
    "$compiler" -O2 -o "$work/line" cluster/line.c
    ip netns add "$near"
    ip netns add "$far"
    mkfifo "$work/line.ready"
    "$work/line" "$near" "$far" "$@" >"$work/line.ready" 2>>"$work/log/line.log" &
    line_pid=$!
    exec {line_says}<"$work/line.ready"
    read -r -t 10 <&"$line_says" || { say "the line did not come up: $(cat "$work/log/line.log")"; exit 1; }
    net_up "$near" 10.77.0.1
    net_up "$far" "$far_address"
}

net_up() { # NETNS ADDRESS
    ip netns exec "$1" ip link set lo up
    ip netns exec "$1" ip addr add "$2/30" dev tun0
    ip netns exec "$1" ip link set tun0 up
}

# The program, run inside a namespace: a script, so that whoever starts a node need not know.
program_in() { # NETNS
    local script="$work/esep-$1"
    printf '#!/bin/sh\nexec ip netns exec %s %s "$@"\n' "$1" "$esep" >"$script"
    chmod +x "$script"
    printf '%s' "$script"
}

# Bytes of packets carried down, towards $near.
bytes_down() {
    local up down
    kill -USR1 "$line_pid"
    read -r -t 10 -u "$line_says" up
    read -r -t 10 -u "$line_says" down
    awk '{ print $5 }' <<<"$down"
}

# Ends the line; prints what it carried, a line for each direction.
bad_line_end() {
    if [ -z "$line_pid" ]; then return; fi
    kill -TERM "$line_pid" 2>/dev/null || true
    cat <&"$line_says"
    wait "$line_pid" 2>/dev/null || true
    line_pid=''
    ip netns del "$near"
    ip netns del "$far"
}
