import Testing

/// Real processes of `esep` on loopback, with real files, TLS and SIGKILL.
///
/// All of them lie in this one suite and run one after another: each starts several nodes, and a kill means more when
/// nothing but the nodes under test compete for the machine. Faults come at seeded moments; facts are asked for again
/// until they hold, a bounded number of times.
@Suite(.serialized) struct ProcessTests {}
