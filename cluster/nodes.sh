# Starting and ending real nodes on loopback, for the demo and the drills. Sourced after ops/lib.sh.
# Every process started here is in `started` and is ended by its id; nothing else is ever signalled.

work=''
started=()
relays=()

make_work() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/esep-$1.XXXXXX")
    mkdir -p "$work/log"
    mkfifo "$work/pause"
}

need_tools() {
    local missing=()
    for tool in "$@"; do command -v "$tool" >/dev/null 2>&1 || missing+=("$tool"); done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    local as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    say "installing ${missing[*]}"
    if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "${missing[@]}"; } >/dev/null; then
        say "could not install ${missing[*]}: run 'apt-get install ${missing[*]}' as root, then this command again."
        exit 69
    fi
}

# A port nobody listens on now, drawn below the range the kernel gives to outgoing connections. Asking by connecting
# leaves a small race; a node that loses it says "address in use", and the run fails loudly.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s' "$port"
            return
        fi
    done
}

# start_node NAME: runs the node of $work/NAME and returns once it has said "ready". No waiting by the clock: the
# pipe gives the line, or ends because the node did.
start_node() {
    local name=$1 pipe="$work/$1.ready" line=''
    rm -f "$pipe"
    mkfifo "$pipe"
    "$esep" node start --data "$work/$name" >"$pipe" 2>>"$work/log/$name.log" &
    local pid=$!
    started+=("$pid")
    printf '%s' "$pid" >"$work/$name.pid"
    exec {ready}<"$pipe"
    if ! read -r -t 60 line <&"$ready" || [[ $line != ready* ]]; then
        say "node $name did not become ready; its log ends with:"
        tail -n 15 "$work/log/$name.log" >&2
        exit 1
    fi
    exec {ready}<&-
}

node_pid() { cat "$work/$1.pid"; }

# stop_node NAME [SIGNAL]: ends it and waits for the process to be gone.
stop_node() {
    local pid
    pid=$(node_pid "$1")
    kill "-${2:-TERM}" "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

# The line of a territory is a relay of its own: ending the relay cuts it, starting it again mends it.
line_up() {
    local name=$1 listen=$2 target=$3
    setsid socat "TCP-LISTEN:$listen,bind=127.0.0.1,fork,reuseaddr" "TCP:127.0.0.1:$target" 2>>"$work/log/line-$name.log" &
    local pid=$!
    relays+=("$pid")
    printf '%s' "$pid" >"$work/line-$name.pid"
}

line_cut() {
    local pid
    pid=$(cat "$work/line-$1.pid")
    kill -TERM -- "-$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
}

end_all() {
    local pid
    for pid in "${relays[@]:-}"; do [ -n "$pid" ] && kill -TERM -- "-$pid" 2>/dev/null || true; done
    for pid in "${started[@]:-}"; do [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${started[@]:-}" "${relays[@]:-}"; do [ -n "$pid" ] && wait "$pid" 2>/dev/null || true; done
}

# join_territory CODE NAME LINE_PORT: a token at the centre, a join over the territory's own line.
join_territory() {
    local token
    token=$("$esep" cluster token --role territory --territory "$1" --data "$work/centre-1")
    "$esep" node join --token "$token" --data "$work/$2" --name "$2" --peer "127.0.0.1:$3" >>"$work/log/$2.log" 2>&1
}

# until_true SECONDS "what we wait for" COMMAND…: asks again until the fact holds; the limit only bounds a failure.
until_true() {
    local limit=$1 what=$2
    shift 2
    local end=$((SECONDS + limit))
    until "$@"; do
        if [ $SECONDS -ge $end ]; then
            say "gave up after ${limit} s waiting for: $what"
            return 1
        fi
        read -r -t 0.1 <>"$work/pause" || true
    done
}

status() { "$esep" cluster status --data "$work/$1" --json; }

backlog() { status "$1" | jq -r '.log.backlog'; }

backlog_is_empty() { [ "$(backlog "$1")" = 0 ]; }
