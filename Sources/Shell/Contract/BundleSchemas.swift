extension OpenAPISchemas {
    /// Pairs of entries, both ends included.
    private static let ranges = list(list(count))

    static let bundles: [JSONValue.Member] = [
        .init(
            "BundlePartRequest",
            request(
                required: [],
                [
                    "territory": textOrNull, "author": countOrNull, "after": countOrNull, "until": countOrNull,
                    "bytes": countOrNull,
                ])
        ),
        .init("BundleRekeyRequest", request(required: ["closing"], ["closing": flag])),
        .init(
            "BundlePart",
            object(["author": count, "first": count, "last": count, "until": count, "frame": string])),
        .init(
            "BundleImport",
            object([
                "author": count, "territory": string, "first": count, "last": count, "outcome": string,
                "frontier": count, "missing": ranges, "downlink": count,
            ])),
        .init(
            "Bundles",
            object([
                "epoch": count, "open_from": count,
                "staged": list(
                    object([
                        "author": count, "territory": string, "frontier": count, "pieces": count, "bytes": count,
                        "last": count, "missing": ranges,
                    ])),
            ])),
        .init(
            "BodyChangeRequest",
            request(
                required: ["verb", "territory", "act", "date", "basis"],
                [
                    "verb": string, "territory": string, "successor": textOrNull, "name": textOrNull, "rate": count,
                    "from": count, "to": count, "dry_run": flag,
                    "act": string, "date": string, "basis": string,
                ])),
        .init(
            "BodyChange",
            object([
                "territory": string, "done": flag,
                "closes": list(
                    object(["name": string, "author": count, "frontier": count, "backlog": countOrNull])),
                "records": count, "warning": string, "token": textOrNull,
            ])),
        .init(
            "RecordTransferRequest",
            request(
                required: ["numbers", "to", "act", "date", "basis"],
                [
                    "numbers": list(string), "to": string, "release": flag, "dry_run": flag, "act": string,
                    "date": string, "basis": string,
                ])),
        .init("RecordTransfer", object(["number": string, "before": list(string), "after": list(string)])),
    ]
}
