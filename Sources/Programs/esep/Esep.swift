package import ArgumentParser

/// The one program: a node, and the operator's tool that speaks to nodes.
@main
package struct Esep: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "esep",
        abstract: "A replicated store for state legal statistics and special accounts.",
        discussion: """
            Territories register documents on their own node, with or without a line; the centre merges what they know
            and alone keeps the special accounts.

            A first hour:
              esep node init --role centre --data centre --listen 127.0.0.1:7510
              esep node start --data centre &
              token=$(esep cluster token --territory KZ-75 --data centre)
              esep node join --token "$token" --data kz-75
              esep node start --data kz-75 &
              esep generate --kind all --territory KZ-75 --count 1000 --seed 1 > cards.ndjson
              esep register --kind auto --file cards.ndjson --data kz-75
              esep cluster status --data centre

            Every command that asks a node takes --data DIR (the node's directory; its socket lies inside) or
            --address URL. Exit: 0 done, 1 failed, 2 some documents were rejected, 64 wrong usage.
            """,
        version: Build.version,
        subcommands: [
            NodeCommands.self, ClusterCommands.self, CentreCommands.self, RegisterCommand.self, RecordCommands.self,
            PersonCommands.self, AccountCommands.self, SenderCommands.self, DiscrepancyCommands.self,
            FindingCommands.self, ReconciliationCommands.self,
            ReportCommands.self, TerritoryCommands.self,
            BundleCommands.self, JournalCommands.self, CatalogueCommands.self, GenerateCommand.self, BenchCommand.self,
        ])

    package init() {}
}

enum Build {
    static let version = "0.1.0"
}
