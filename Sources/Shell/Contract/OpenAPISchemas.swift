/// The shapes of requests and answers, as OpenAPI tells them. A test holds them against the types' own JSON.
package enum OpenAPISchemas {
    /// One member of an object: its name and its schema. All are present in every answer; `?` marks those that may be
    /// null.
    static func object(
        _ members: KeyValuePairs<String, JSONValue>, optional: KeyValuePairs<String, JSONValue> = [:]
    ) -> JSONValue {
        .members([
            "type": .string("object"),
            "required": .texts(members.map(\.key)),
            "properties": .object((Array(members) + Array(optional)).map { .init($0.key, $0.value) }),
        ])
    }

    static let string = JSONValue.members(["type": .string("string")])
    static let textOrNull = JSONValue.members(["type": .texts(["string", "null"])])
    static let integer = JSONValue.members(["type": .string("integer")])
    static let count = JSONValue.members(["type": .string("integer"), "minimum": .integer(0)])
    static let countOrNull = JSONValue.members(["type": .texts(["integer", "null"]), "minimum": .integer(0)])
    static let flag = JSONValue.members(["type": .string("boolean")])
    static let anything = JSONValue.members([:])
    static let anyObject = JSONValue.members(["type": .string("object")])

    static func list(_ element: JSONValue) -> JSONValue {
        .members(["type": .string("array"), "items": element])
    }

    static func reference(_ name: String) -> JSONValue {
        .members(["$ref": .string("#/components/schemas/\(name)")])
    }

    /// Requests' optional members may be left out.
    static func request(
        required: [String], _ properties: KeyValuePairs<String, JSONValue>
    ) -> JSONValue {
        .members([
            "type": .string("object"), "required": .texts(required), "additionalProperties": .bool(false),
            "properties": .object(properties.map { .init($0.key, $0.value) }),
        ])
    }

    package static let all: JSONValue = .object(requests + records + nation + node + acts + bundles + seating)

    private static let requests: [JSONValue.Member] = [
        .init(
            "PersonFindRequest",
            request(
                required: ["basis", "purpose"],
                [
                    "iin": string, "bin": string, "surname": string, "name": string, "birth": string,
                    "basis": string, "purpose": string,
                ])),
        .init("CorrectionRequest", request(required: ["reason", "fields"], ["reason": string, "fields": anyObject])),
        .init(
            "PersonDecisionRequest",
            request(
                required: ["first", "second", "decision", "basis"],
                ["first": count, "second": count, "decision": string, "basis": string])),
        .init(
            "CandidateReviewRequest",
            request(
                required: ["first", "second", "verdict", "basis"],
                ["first": string, "second": string, "verdict": string, "basis": string])),
        .init("CancelRequest", request(required: ["reason"], ["reason": string])),
        .init(
            "ResolveRequest",
            request(
                required: ["field", "reason"],
                ["field": string, "candidate": count, "value": anything, "reason": string])),
        .init(
            "TokenIssueRequest",
            request(required: ["territory"], ["role": string, "territory": string, "ttl_seconds": count])),
        .init(
            "MemberChangeRequest",
            request(
                required: ["verb", "nodes"],
                ["verb": string, "nodes": list(string), "dry_run": flag, "force": string])),
        .init("TransferRequest", request(required: [], ["node": textOrNull, "dry_run": flag])),
    ]

    private static let editionFile = object(["name": string, "text": string])

    private static let acts: [JSONValue.Member] = [
        .init(
            "SenderRegisterRequest",
            request(
                required: ["code", "act", "date", "basis"],
                [
                    "code": string, "name": string, "certificate": string, "from": string, "to": string,
                    "owes": list(string), "territory": string, "act": string, "date": string,
                    "basis": string,
                ])),
        .init(
            "SenderRevokeRequest",
            request(
                required: ["act", "date", "basis"],
                ["cert_id": string, "act": string, "date": string, "basis": string])),
        .init(
            "ReportPlaceRequest",
            request(
                required: ["period", "act", "date", "basis"],
                ["period": string, "note": string, "act": string, "date": string, "basis": string])),
        .init(
            "EditionEnactRequest",
            request(
                required: ["from", "files", "act", "date", "basis"],
                ["from": string, "files": list(editionFile), "act": string, "date": string, "basis": string])),
        .init(
            "Sender",
            object([
                "code": string, "name": string,
                "certificates": list(object(["id": string, "from": string, "to": string, "revoked": textOrNull])),
                "owes": list(string), "territory": string, "act": string, "date": string, "basis": string,
            ])),
        .init(
            "MissingCard",
            object([
                "sender": string, "name": string, "kind": string, "period": string, "code": string,
                "severity": string, "message": string, "remedy": string,
            ])),
        .init(
            "Edition",
            object(["from": string, "kinds": count, "rules": count, "act": textOrNull, "date": textOrNull])),
        .init("EditionFiles", object(["from": string, "files": list(editionFile)])),
    ]

    private static let records: [JSONValue.Member] = [
        .init("DocumentProblem", object(["code": string, "field": string, "message": string, "remedy": string])),
        .init(
            "Problem",
            object([
                "type": string, "title": string, "status": count, "detail": string, "code": string,
                "remedy": string, "definite": flag,
            ])),
        .init("Acknowledgement", object(["number": string, "repeat": flag])),
        .init(
            "DocumentAnswer",
            .members([
                "type": .string("object"), "required": .texts(["line"]),
                "properties": .members([
                    "line": count, "number": string, "repeat": string,
                    "problems": list(reference("DocumentProblem")), "stopped": reference("Problem"),
                    "totals": anyObject,
                ]),
            ])),
        .init(
            "Record",
            object([
                "number": textOrNull, "provisional": string, "kind": string, "territory": string, "state": string,
                "fields": anyObject, "discrepancies": list(reference("Discrepancy")),
                "findings": list(reference("DocumentProblem")),
            ])),
        .init(
            "RecordList",
            object([
                "records": list(
                    object([
                        "number": textOrNull, "provisional": string, "kind": string, "territory": string,
                        "state": string,
                    ])), "next": textOrNull,
            ])),
        .init(
            "Finding",
            object([
                "code": string, "severity": string, "message": string, "territory": string, "body": string,
                "kind": string, "number": string, "field": string, "other": string, "state": string, "raised": string,
                "withdrawn": textOrNull, "days": count,
            ])),
        .init("DiscrepancyList", object(["discrepancies": list(reference("Discrepancy"))])),
        .init(
            "Discrepancy",
            object([
                "number": textOrNull, "provisional": string, "kind": string, "territory": string, "field": string,
                "values": list(
                    object([
                        "value": anything, "shown": flag, "author": string, "sender": string, "document": string,
                        "at": string, "clock_suspect": flag,
                    ])),
            ])),
        .init(
            "HistoryLine",
            object([
                "act": string, "number": string, "author": string, "sender": string, "document": string,
                "at": string, "clock_suspect": flag, "reason": string, "written": anyObject, "removed": anyObject,
            ])),
    ]

    private static let nation: [JSONValue.Member] = [
        .init("Freshness", object(["territory": string, "frontier": count, "age_seconds": countOrNull])),
        .init(
            "PersonFindAnswer",
            object(["freshness": list(reference("Freshness")), "subjects": list(reference("Subject"))])),
        .init(
            "Subject",
            object([
                "subject": string, "linked": list(string), "iin": textOrNull, "bin": textOrNull,
                "names": list(string), "birth": textOrNull,
                "records": list(object(["number": string, "kind": string, "territory": string])),
                "accounts": list(object(["type": string, "number": string, "state": string])),
            ])),
        .init(
            "Conflict",
            object([
                "code": string, "sides": list(object(["subject": string, "name": string])), "record": string,
                "day": string,
            ])),
        .init(
            "Candidate",
            object([
                "sides": list(object(["number": string, "kind": string])), "likeness": count, "day": string,
                "reviewed": flag,
            ])),
        .init("Decision", object(["recorded": flag])),
        .init(
            "AccountsCheck",
            object([
                "state": string, "done": count, "total": count, "compared": count, "differences": list(string),
                "seconds": count,
            ])),
        .init(
            "Account",
            object([
                "type": string, "number": string, "state": string, "subject": string, "basis": list(string),
                "history": list(object(["state": string, "day": string, "basis": string])),
            ])),
        .init(
            "AccountCount", .members(["type": .string("object"), "additionalProperties": count])),
        .init(
            "ReportRun",
            object([
                "form": string, "name": string, "period": string, "edition": string, "position": count,
                "moment": string,
                "freshness": list(
                    object([
                        "territory": string, "frontier": count, "through": string, "age_seconds": countOrNull,
                    ])),
                "figures": list(
                    object([
                        "indicator": string, "label": string, "unit": string, "territory": string,
                        "value": .members(["type": .texts(["number", "string", "null"])]),
                    ])),
                "parts": list(
                    object([
                        "indicator": string, "label": string, "unit": string, "territory": string, "cut": string,
                        "code": string, "code_label": string,
                        "value": .members(["type": .texts(["number", "string", "null"])]),
                    ])),
                "checks": list(
                    object([
                        "code": string, "severity": string, "message": string, "indicator": string,
                        "territory": string, "cut": string, "expected": integer, "found": integer,
                    ])),
                "placed": list(object(["revision": count, "act": string, "date": string, "note": string])),
            ])),
        .init(
            "ReportForm",
            object([
                "form": string, "name": string, "frequency": string, "due_day": countOrNull, "lacks": textOrNull,
            ])),
        .init(
            "ReportDue",
            object(["form": string, "period": string, "due": string, "late": flag, "lacks": textOrNull])),
        .init(
            "Territory",
            object(
                [
                    "territory": string, "node": string, "state": string, "frontier": count, "backlog": countOrNull,
                    "last_contact_seconds": countOrNull,
                ], optional: ["seating": reference("Seating")])),
    ]

    private static let node: [JSONValue.Member] = [
        .init(
            "ClusterStatus",
            .members([
                "oneOf": .array([
                    object([
                        "leader": textOrNull, "term": count,
                        "members": list(object(["name": string, "role": string, "state": string, "applied": count])),
                        "territories": list(reference("Territory")),
                    ]),
                    object(
                        [
                            "territory": string,
                            "log": object(["last": count, "frontier": count, "backlog": count]),
                            "centre": object(["connected": flag, "address": string]),
                        ], optional: ["seating": reference("Seating")]),
                ])
            ])),
        .init(
            "NodeStatus",
            object(
                [
                    "name": string, "role": string, "territory": textOrNull, "cluster": string, "version": string,
                    "state": string, "reason": string, "uptime_seconds": count, "records": count, "entries": count,
                    "line_bytes_raw": count, "line_bytes_sent": count, "resident_bytes": count,
                    "disk_free_bytes": count, "certificate_days": .members(["type": .string("integer")]),
                    "refused_messages": count,
                ], optional: ["seating": reference("Seating")])),
        .init(
            "JournalLine",
            object([
                "author": string, "index": count, "at": string, "officer": string, "action": string,
                "subjects": list(string), "basis": string, "purpose": string, "position": count,
            ])),
        .init("Token", object(["token": string, "expires": string])),
        .init(
            "GroupMember",
            object([
                "name": string, "number": count, "address": string, "role": string, "state": string,
                "applied": count, "behind": countOrNull,
            ])),
        .init(
            "Group",
            object([
                "voters": list(string), "learners": list(string), "quorum": count, "failures_tolerated": count,
                "live": count,
            ])),
        .init(
            "MemberChange",
            object(["before": reference("Group"), "after": reference("Group"), "done": flag, "warning": string])),
        .init(
            "Transfer",
            object([
                "leader": string, "before": string, "quorum": count, "tolerated": count, "done": flag,
                "milliseconds": count,
            ])),
        .init(
            "ClusterCheck",
            object([
                "leader": string, "quorum": count, "failures_tolerated": count, "live": count,
                "nodes": list(object(["node": string, "restart_is_safe": flag, "why": string])),
            ])),
    ]
}
