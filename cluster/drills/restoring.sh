# A territory's directory that is copied, put back, or lost, for the drills. Sourced after lib.sh.

# Registers COUNT cards, keeps the receipts where `nothing_lost` finds them, and waits until the centre has them all.
registers() { # NODE NAME COUNT SEED [KEEPS]
    cards "$3" "$4" "$work/$2.ndjson"
    until_true 30 "$2 to be taken" "$esep" register --kind auto --file "$work/$2.ndjson" --data "$work/$1" \
        --receipts "$work/${5:-load}-$2.receipts" --json >>"$work/log/load.log" 2>&1
    tell "$2: $(wc -l <"$work/${5:-load}-$2.receipts") documents have a number at $1"
}

at_rest() { until_true 120 "the backlog of $1" backlog_is_empty "$1" 2>/dev/null; }

copy_of() { # NODE
    stop_node "$1"
    rm -rf "$work/$1.copy"
    cp -r "$work/$1" "$work/$1.copy"
    run_node "$1"
}

put_back() { # NODE
    stop_node "$1"
    rm -rf "${work:?}/$1"
    cp -r "$work/$1.copy" "$work/$1"
    run_node "$1"
}

# As the image of a whole machine is put back, inodes and all: nothing here tells. The operator's word, wrong as it is,
# stands for that.
put_back_unnoticed() { # NODE
    stop_node "$1"
    rm -rf "${work:?}/$1"
    cp -r "$work/$1.copy" "$work/$1"
    taken_for_moved "$1"
    run_node "$1"
}

taken_for_moved() { # NODE
    local sentence
    sentence=$("$esep" node moved --data "$work/$1" | sed -n 's/.*--sentence "\(.*\)"/\1/p')
    "$esep" node moved --data "$work/$1" --sentence "$sentence" >>"$work/log/$1.log"
}

seating() { "$esep" node status --data "$work/$1" --json 2>/dev/null | jq -r ".seating.$2 // empty"; }
seating_is() { [ "$(seating "$1" state)" = "$2" ]; }

# What either side tells its operator.
told() { # NODE
    tell "at $1: $(seating "$1" sentence)"
    tell "at the centre: $("$esep" cluster status --data "$work/$(leader)" --json |
        jq -r '.territories[] | select(.seating) | .seating.sentence')"
}
