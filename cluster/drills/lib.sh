# A centre of three voters and one territory on this machine, for the drills. Sourced after ops/lib.sh and
# cluster/nodes.sh. ESEP_PROGRAM names a program that is built already.

drill() {
    if [ -n "${ESEP_PROGRAM:-}" ]; then
        esep=$ESEP_PROGRAM
    else
        need_toolchain
        need_libraries
        say "building (release)"
        build_program >&2
        esep=$(esep_program)
    fi
    need_tools jq
    make_work "$1"
    trap drill_end EXIT
    # Whoever ends a drill before its end has not seen it hold.
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

drill_end() {
    local verdict=$?
    # A load that is still under way ends by itself once it sees this.
    touch "$work/enough"
    end_all
    # What a drill has made besides nodes.
    if declare -F drill_cleans >/dev/null; then drill_cleans; fi
    if [ -n "${load_pid:-}" ]; then wait "$load_pid" 2>/dev/null || true; fi
    if [ $verdict -eq 0 ]; then
        tell "verdict: held"
        rm -rf "$work"
    else
        tell "verdict: BROKEN"
        say "the nodes' directories and logs stay in $work"
    fi
    exit $verdict
}

tell() { printf '    %s\n' "$*"; }
broken() { printf '    BROKEN PROMISE: %s\n' "$*"; exit 1; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }

# percentile P VALUE…: the least value that P of a hundred do not pass.
percentile() {
    local p=$1
    shift
    printf '%s\n' "$@" | sort -n | sed -n "$((($# * p + 99) / 100))p"
}

# within VALUE LIMIT WHAT: the drill is lost where the limit is passed.
within() { awk -v v="$1" -v l="$2" 'BEGIN { exit !(v <= l) }' || broken "$3: $1, at most $2"; }

centre_nodes=(centre-1 centre-2 centre-3)

# One becomes three without passing through two. HOST_OF NODE (a function) may give each another address.
group_of_three() {
    local node token
    declare -gA address=()
    for node in "${centre_nodes[@]}"; do address[$node]="$(host_of "$node"):$(free_port)"; done
    "$esep" node init --role centre --data "$work/centre-1" --name centre-1 --listen "${address[centre-1]}" \
        >>"$work/log/centre-1.log" 2>&1
    run_node centre-1
    for node in centre-2 centre-3; do
        token=$("$esep" cluster token --role centre --data "$work/centre-1")
        at_node "$node" "$esep" node join --token "$token" --data "$work/$node" --name "$node" \
            --listen "${address[$node]}" >>"$work/log/$node.log" 2>&1
        run_node "$node"
    done
    "$esep" centre member add centre-2 centre-3 --data "$work/centre-1" >/dev/null
    until_true 60 "the learners to catch up" promoted
}

host_of() { printf '127.0.0.1'; }
run_node() { start_node "$1"; }
at_node() { shift; "$@"; }
promoted() { "$esep" centre member promote centre-2 centre-3 --data "$work/centre-1" >/dev/null 2>&1; }

territory_joins() { # CODE NAME
    local token
    token=$("$esep" cluster token --role territory --territory "$1" --data "$work/centre-1")
    at_node "$2" "$esep" node join --token "$token" --data "$work/$2" --name "$2" >>"$work/log/$2.log" 2>&1
    run_node "$2"
}

# Who leads, as a node that answers says; empty where nobody does.
leader() {
    local node
    for node in "${centre_nodes[@]}"; do
        [ -e "$work/$node.down" ] && continue
        "$esep" cluster status --data "$work/$node" --json 2>/dev/null |
            jq -er '.leader // empty' 2>/dev/null && return
    done
    return 0
}

# The first node leads from here on: the line of a territory ends there.
lead_here() { until_true 30 "centre-1 to lead" centre_1_leads; }
centre_1_leads() {
    [ "$(leader)" = centre-1 ] ||
        "$esep" centre member transfer --to centre-1 --data "$work/$(leader)" >/dev/null 2>&1 || true
    [ "$(leader)" = centre-1 ]
}

leads_another() { local l; l=$(leader); [ -n "$l" ] && [ "$l" != "$1" ] && [ ! -e "$work/$l.down" ]; }

kill_centre() { stop_node "$1" KILL; touch "$work/$1.down"; }
raise_centre() { rm -f "$work/$1.down"; run_node "$1"; }

# Another node than NODE that runs.
other_than() {
    local node
    for node in "${centre_nodes[@]}"; do
        if [ "$node" != "$1" ] && [ ! -e "$work/$node.down" ]; then
            printf '%s' "$node"
            return
        fi
    done
}

# An entry of the centre's own is committed on a quorum, asked for at a node that does not lead: it waits itself until
# somebody does.
acknowledged() { "$esep" cluster token --role territory --territory KZ-10 --data "$work/$1" >/dev/null 2>&1; }

# How far NODE has applied, as LEADER knows: applied_of LEADER NODE
applied_of() {
    "$esep" cluster status --data "$work/$1" --json 2>/dev/null |
        jq -r --arg n "$2" '[.members[] | select(.name == $n) | .applied] | max // 0'
}

frontier() { status "$1" 2>/dev/null | jq -r '.log.frontier // 0'; }
frontier_passed() { [ "$(frontier "$1")" -gt "$2" ]; }

cards() { # COUNT SEED FILE
    "$esep" generate --kind all --territory KZ-75 --count "$1" --seed "$2" \
        --from "$(date -u -d '-60 days' +%Y-%m-%d)" --to "$(date -u +%Y-%m-%d)" >"$3"
}

# Registers without end, file after file, until $work/enough exists; receipts stay beside the files.
load() {
    local n=0
    while [ ! -e "$work/enough" ]; do
        n=$((n + 1))
        cards "${batch:-400}" "$((1000 + n))" "$work/load-$n.ndjson"
        "$esep" register --kind auto --file "$work/load-$n.ndjson" --data "$work/$1" \
            --receipts "$work/load-$n.receipts" --json >>"$work/log/load.log" 2>&1 || true
    done
}

load_begins() {
    rm -f "$work/enough"
    load "$1" &
    load_pid=$!
}

load_ends() {
    touch "$work/enough"
    wait "$load_pid" || true
}

# All have applied what NODE, who leads, had applied now. Under a load nobody stands still long enough to be even.
all_come_to_where() { # NODE SECONDS WHAT
    local mark
    mark=$(applied_of "$1" "$1")
    until_true "$2" "$3" all_have_applied "$1" "$mark"
}
all_have_applied() {
    local least
    least=$("$esep" cluster status --data "$work/$1" --json 2>/dev/null | jq -r '[.members[].applied] | min // 0')
    [ "${least:-0}" -ge "$2" ]
}

all_even() {
    local applied
    applied=$("$esep" cluster status --data "$work/$1" --json 2>/dev/null | jq -r '[.members[].applied] | unique | length')
    [ "$applied" = 1 ]
}

# No number was told to two documents, whoever told it: each receipt names the line of its file it is for.
told_once() {
    local twice
    cat "$work"/*.receipts | jq -r 'select(.number != null) | .number' | sort | uniq -d >"$work/twice"
    twice=$(wc -l <"$work/twice")
    tell "$(cat "$work"/*.receipts | wc -l) receipts: numbers told to two documents: $twice"
    [ "$twice" = 0 ] || broken "$twice numbers were told twice, $(head -1 "$work/twice") among them"
}

# Every acknowledged number is confirmed, once; the nodes of the centre hold the same, row for row.
nothing_lost() { # TERRITORY_NODE
    local l lost twice node digests
    cat "$work"/load-*.receipts | jq -r 'select(.number != null) | .number' | sort -u >"$work/acknowledged"
    l=$(leader)
    "$esep" record list --territory KZ-75 --data "$work/$l" --json |
        jq -r 'select(.number != null) | "\(.provisional) \(.number)"' | sort >"$work/confirmed"
    lost=$(comm -23 "$work/acknowledged" <(cut -d' ' -f1 "$work/confirmed" | sort -u) | wc -l)
    twice=$(cut -d' ' -f1 "$work/confirmed" | uniq -d | wc -l)
    tell "$(wc -l <"$work/acknowledged") numbers were acknowledged; lost: $lost, confirmed twice: $twice"
    [ "$lost" = 0 ] || broken "$lost acknowledged numbers are lost"
    [ "$twice" = 0 ] || broken "$twice numbers were confirmed twice"
    until_true 60 "all nodes to have applied the same" all_even "$l"
    # All at once: the end of one would bring a new leader's entries to the others.
    for node in "${centre_nodes[@]}"; do kill -KILL "$(node_pid "$node")"; done
    for node in "${centre_nodes[@]}"; do stop_node "$node"; done
    digests=$(for node in "${centre_nodes[@]}"; do
        "$esep" node verify --data "$work/$node" --json | jq -r '.[] | select(.check == "state") | .finding'
    done | sort -u)
    [ "$(wc -l <<<"$digests")" = 1 ] || broken "the nodes hold different states: $digests"
    tell "all three nodes: $digests"
}
