extension OpenAPISchemas {
    static let seating: [JSONValue.Member] = [
        .init(
            "Seating",
            object([
                "state": string, "sentence": string, "next": string, "missing": count, "waiting": count,
                "moved_count": count,
                "moved": list(object(["from": string, "to": string, "number": textOrNull])),
                "discrepancies": list(string),
            ]))
    ]
}
